using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Actors.Tests.Serialization;

public sealed class WireSerializationTests : IDisposable
{
    private readonly ActorSystem system = ActorSystem.Create("test", WireSerialization.Config.WithFallback(
        ConfigurationFactory.ParseString("akka.stdout-loglevel = OFF, akka.loglevel = OFF")));

    public static TheoryData<string> AllManifests => [.. Manifests.All.Select(e => e.Manifest)];

    public void Dispose() => system.Dispose();

    [Theory]
    [MemberData(nameof(AllManifests))]
    public void Bytes_are_those_of_the_golden_file(string manifest)
    {
        object sample = SampleOf(manifest);
        string golden = Path.Combine(AppContext.BaseDirectory, "Golden", manifest.Replace('/', '.') + ".hex");

        string actual = Convert.ToHexStringLower(Serializer().ToBinary(sample));

        File.Exists(golden).ShouldBeTrue($"no golden file for {manifest}; it would hold: {actual}");
        actual.ShouldBe(File.ReadAllText(golden).Trim(), "the format of a type on the wire or in the journal has changed: add a new version instead");
    }

    [Theory]
    [MemberData(nameof(AllManifests))]
    public void Golden_bytes_read_back_as_the_same_message(string manifest)
    {
        byte[] golden = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", manifest.Replace('/', '.') + ".hex")).Trim());

        object read = Serializer().FromBinary(golden, manifest);

        read.ShouldBeOfType(SampleOf(manifest).GetType());
        Serializer().ToBinary(read).ShouldBe(golden);
    }

    /// <summary>Events that got new members since: journals of earlier releases hold them without.</summary>
    [Theory]
    [InlineData("coordinator-started/1")]
    [InlineData("submit/1")]
    [InlineData("sweep-submitted/1")]
    [InlineData("sweep-resumed/1")]
    [InlineData("trial-created/1")]
    [InlineData("trial-ended/1")]
    [InlineData("trial-concluded/1")]
    [InlineData("checkpoint-committed/1")]
    public void Events_of_an_earlier_release_are_read_with_the_new_members_at_their_defaults(string manifest)
    {
        byte[] earlier = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Earlier", manifest.Replace('/', '.') + ".hex")).Trim());

        object read = Serializer().FromBinary(earlier, manifest);

        Serializer().ToBinary(read).Length.ShouldBeGreaterThan(earlier.Length);
        Serializer().ToBinary(read).ShouldBe(Serializer().ToBinary(SampleOf(manifest)));
    }

    [Fact]
    public void A_lease_that_ended_under_an_earlier_release_counted_and_took_no_restart()
    {
        byte[] earlier = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Earlier", "lease-ended.1.hex")).Trim());

        Serializer().FromBinary(earlier, "lease-ended/1").ShouldBe(new LeaseEnded(7, FailureClass.Lost, "worker-1 was lost"));
    }

    [Fact]
    public void A_sweep_that_was_resumed_under_an_earlier_release_does_not_say_as_what() => Serializer().FromBinary([0x90], "sweep-resumed/1").ShouldBe(new SweepResumed());

    [Fact]
    public void Every_wire_message_and_event_has_a_manifest_and_an_example()
    {
        var closed = typeof(IWire).Assembly.GetTypes().Concat(typeof(ITrialEvent).Assembly.GetTypes())
            .Where(t => t is { IsAbstract: false, IsInterface: false } && Manifests.Markers.Any(m => m.IsAssignableFrom(t)))
            .ToArray();

        closed.Where(t => Manifests.Find(t) is null).ShouldBeEmpty();
        Manifests.All.Select(e => e.Type).ShouldBe(closed, ignoreOrder: true);
        Manifests.All.Select(e => e.Type).ShouldBe(Samples.All.Select(s => s.GetType()), ignoreOrder: true);
    }

    [Fact]
    public void No_message_type_falls_through_to_another_serializer()
    {
        foreach (var (_, type) in Manifests.All)
            system.Serialization.FindSerializerForType(type).ShouldBeOfType<MessagePackWireSerializer>();
    }

    [Fact]
    public void Types_that_are_not_contracts_cannot_be_written()
    {
        var serializer = system.Serialization.FindSerializerForType(typeof(StringBuilder));

        serializer.ShouldBeOfType<ForbiddenSerializer>();
        Should.Throw<SerializationException>(() => serializer.ToBinary(new StringBuilder())).Message.ShouldContain("no MessagePack contract");
    }

    [Fact]
    public void A_forged_json_frame_is_refused()
    {
        byte[] forged = Encoding.UTF8.GetBytes("""{"$type":"System.Diagnostics.Process, System.Diagnostics.Process","StartInfo":{"FileName":"sh"}}""");

        Should.Throw<SerializationException>(() => system.Serialization.Deserialize(forged, 1, typeof(System.Diagnostics.Process)))
            .Message.ShouldContain("refused");
        Should.Throw<SerializationException>(() => system.Serialization.Deserialize(forged, 1, "System.Diagnostics.Process, System.Diagnostics.Process"));
    }

    [Fact]
    public void An_unknown_manifest_is_refused() =>
        Should.Throw<SerializationException>(() => Serializer().FromBinary([0x90], "System.Object")).Message.ShouldContain("unknown manifest");

    [Fact]
    public void An_oversized_message_is_refused_in_both_directions()
    {
        var picture = new FromWorker.RunPictured(Samples.Lease, 1, new SamplePicture(300, 300, 1, new byte[90_000]));

        Should.Throw<SerializationException>(() => Serializer().ToBinary(picture)).Message.ShouldContain("allowed are 65536");
        Should.Throw<SerializationException>(() => Serializer().FromBinary(new byte[70_000], "run-pictured/1")).Message.ShouldContain("allowed are 65536");
    }

    [Fact]
    public void Malformed_bytes_give_one_typed_error_whatever_they_are()
    {
        var random = new Random(7);
        var serializer = Serializer();
        for (int i = 0; i < 5_000; i++)
        {
            var (manifest, type) = Manifests.All[random.Next(Manifests.All.Count)];
            byte[] bytes = serializer.ToBinary(SampleOf(manifest));
            for (int k = random.Next(1, 4); k > 0; k--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];

            try
            {
                serializer.FromBinary(bytes, manifest);
            }
            catch (SerializationException)
            {
            }
        }
    }

    [Fact]
    public void An_unknown_case_of_an_outcome_is_refused()
    {
        byte[] bytes = MessagePackSerializer.Serialize<RunOutcome>(new RunOutcome.Drained(3), MessagePackWireSerializer.Options);
        bytes[1] = 9;

        Should.Throw<MessagePackSerializationException>(() => MessagePackSerializer.Deserialize<RunOutcome>(bytes, MessagePackWireSerializer.Options) ?? throw new MessagePackSerializationException("null"));
    }

    [Fact]
    public void A_submitted_spec_survives_the_journal_value_for_value()
    {
        var spec = Samples.Spec();

        var read = (SweepSubmitted)Serializer().FromBinary(Serializer().ToBinary(new SweepSubmitted(Samples.Sweep, spec)), "sweep-submitted/1");

        read.Spec.ShouldBe(spec);
    }

    private static object SampleOf(string manifest) => Samples.All.Single(s => s.GetType() == Manifests.Find(manifest));

    private MessagePackWireSerializer Serializer() => new((ExtendedActorSystem)system);
}
