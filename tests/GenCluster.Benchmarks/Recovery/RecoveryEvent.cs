using System.Globalization;

namespace GenCluster.Benchmarks.Recovery;

/// <summary>Something that a worker's run has said.</summary>
/// <param name="Step">The step it was about; -1 for none.</param>
/// <param name="At">When, by the machine's one clock, in seconds.</param>
internal readonly record struct RecoveryEvent(string What, int Step, double At)
{
    public const string Started = "started", Progressed = "progressed", Broke = "broke", Joined = "joined", Ended = "ended";

    public static RecoveryEvent Parse(string text)
    {
        string[] parts = text.Split(' ');
        return new(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What} {Step} {At:R}");
}
