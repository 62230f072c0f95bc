using GenCluster.Core.Trials;
using MessagePack;
using MessagePack.Resolvers;

namespace GenCluster.Training.Loop;

/// <summary>
/// What a training state has besides the networks' numbers, for a member that copies it: where it stands and what was
/// heard on the way.
/// </summary>
/// <param name="Position">As <see cref="Loop.Position.Ordinal"/>.</param>
/// <param name="Losses">Of the step that was finished last.</param>
/// <param name="OpenLosses">Of the coming one so far.</param>
/// <param name="Updates">Each network's count.</param>
[MessagePackObject]
public sealed record Notes(
    [property: Key(0)] long Position,
    [property: Key(1)] int Votes,
    [property: Key(2)] Metric[] Losses,
    [property: Key(3)] Metric[] OpenLosses,
    [property: Key(4)] string[][] PartNames,
    [property: Key(5)] MetricReport[] Reports,
    [property: Key(6)] long[] Updates)
{
    /// <summary>The most bytes that notes may have.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly MessagePackSerializerOptions Options =
        MessagePackSerializerOptions.Standard.WithResolver(StandardResolver.Instance).WithSecurity(MessagePackSecurity.UntrustedData);

    public static Notes Of(TrainingState state) => new(
        state.Position.Ordinal, (int)state.Votes, [.. state.Losses], [.. state.OpenLosses.Select(loss => new Metric(loss.Key, loss.Value))],
        state.PartNames, [.. state.Reports], [.. state.Networks.Select(network => network.Updates)]);

    /// <summary>Puts the notes in place of the state's own.</summary>
    public void Apply(TrainingState state)
    {
        state.Position = Loop.Position.Of(Position);
        state.Votes = (Votes)Votes;
        state.Losses = Losses;
        state.OpenLosses.Clear();
        foreach (var loss in OpenLosses)
            state.OpenLosses[loss.Name] = loss.Value;
        foreach (var (phase, names) in PartNames.Index().Where(part => part.Item.Length > 0))
            state.PartNames[phase] = names;
        state.Reports.Clear();
        state.Reports.AddRange(Reports);
        foreach (var (network, updates) in state.Networks.Zip(Updates))
            network.Updates = updates;
    }

    public byte[] Write() => MessagePackSerializer.Serialize(this, Options);

    /// <exception cref="MessagePackSerializationException">The bytes are no notes.</exception>
    public static Notes Read(ReadOnlyMemory<byte> bytes) => MessagePackSerializer.Deserialize<Notes>(bytes, Options);

    internal static byte[] Write(MetricReport report) => MessagePackSerializer.Serialize(report, Options);

    internal static MetricReport ReadReport(ReadOnlyMemory<byte> bytes) => MessagePackSerializer.Deserialize<MetricReport>(bytes, Options);
}
