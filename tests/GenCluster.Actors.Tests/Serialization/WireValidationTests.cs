using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using GenCluster.Actors.Protocol;
using GenCluster.Actors.Serialization;
using GenCluster.Actors.Tests.Support;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Actors.Tests.Serialization;

/// <summary>What other processes may say, at the place where it comes in.</summary>
public sealed class WireValidationTests : CoordinationKit
{
    private static readonly string Hash = new('a', 64);

    /// <summary>What is wrong, and a message that says it.</summary>
    public static TheoryData<string, IWire> Malformed => new()
    {
        { "no name of a worker", new FromWorker.Hello(1, new WorkerId(null!), Samples.Instance, "cpu", "127.0.0.1", 4100, null, null, 0) },
        { "no name of a worker", new FromWorker.Hello(1, new WorkerId("w\u001b[2J"), Samples.Instance, "cpu", "127.0.0.1", 4100, null, null, 0) },
        { "no name of a worker", new FromWorker.Hello(1, new WorkerId(new string('w', 200)), Samples.Instance, "cpu", "127.0.0.1", 4100, null, null, 0) },
        { "no name of a device", new FromWorker.Hello(1, Samples.Worker, Samples.Instance, null!, "127.0.0.1", 4100, null, null, 0) },
        { "no host", new FromWorker.Hello(1, Samples.Worker, Samples.Instance, "cpu", null!, 4100, null, null, 0) },
        { "port 70000", new FromWorker.Hello(1, Samples.Worker, Samples.Instance, "cpu", "127.0.0.1", 70_000, null, null, 0) },
        { "no name of a sweep", new FromWorker.Hello(1, Samples.Worker, Samples.Instance, "cpu", "127.0.0.1", 4100, default(Lease), null, 0) },
        { "no name of a worker", new FromWorker.Heartbeat(default, Samples.Instance, null, 0) },
        { "epoch -1", new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, new Lease(Samples.Trial, -1), 0) },
        { "epoch -2", new FromWorker.Heartbeat(Samples.Worker, Samples.Instance, null, -2) },
        { "no name of a worker", new FromWorker.Goodbye(default, Samples.Instance) },
        { "trial number 0", new FromWorker.RunStarted(new Lease(new TrialId(Samples.Sweep, 0), 7), 100) },
        { "step -1", new FromWorker.RunStarted(Samples.Lease, -1) },
        { "no progress", new FromWorker.RunProgressed(Samples.Lease, null!) },
        { "NaN steps per second", new FromWorker.RunProgressed(Samples.Lease, new StepProgress(1, double.NaN, [])) },
        { "no list of metrics", new FromWorker.RunProgressed(Samples.Lease, new StepProgress(1, 1, null!)) },
        { "no picture", new FromWorker.RunPictured(Samples.Lease, 1, null!) },
        { "no picture", new FromWorker.RunPictured(Samples.Lease, 1, new SamplePicture(2, 2, 1, null!)) },
        { "a picture of 65536x65536x1 in 0 bytes", new FromWorker.RunPictured(Samples.Lease, 1, new SamplePicture(65_536, 65_536, 1, [])) },
        { "a picture of 2x2x3 in 4 bytes", new FromWorker.RunPictured(Samples.Lease, 1, new SamplePicture(2, 2, 3, new byte[4])) },
        { "no sentence", new FromWorker.RunWarned(Samples.Lease, null!) },
        { "no sentence", new FromWorker.RunWarned(Samples.Lease, "\u001b]0;gotcha\a") },
        { "no report", new FromWorker.EvaluationReported(Samples.Lease, null!) },
        { "step -200", new FromWorker.EvaluationReported(Samples.Lease, Samples.Report with { Step = -200 }) },
        { "no list of metrics", new FromWorker.EvaluationReported(Samples.Lease, new MetricReport(200, null!)) },
        { "no name of a metric", new FromWorker.EvaluationReported(Samples.Lease, new MetricReport(200, [default])) },
        { "300 metrics; allowed are 256", new FromWorker.EvaluationReported(Samples.Lease, new MetricReport(200, [.. Enumerable.Range(0, 300).Select(i => new Metric($"m{i}", i))])) },
        { "no manifest", new FromWorker.CheckpointStored(Samples.Lease, null!) },
        { "no list of blobs", new FromWorker.CheckpointStored(Samples.Lease, Samples.Manifest with { Blobs = null! }) },
        { "no blob", new FromWorker.CheckpointStored(Samples.Lease, Samples.Manifest with { Blobs = [null!] }) },
        { "no numerics", new FromWorker.CheckpointStored(Samples.Lease, Samples.Manifest with { Numerics = null! }) },
        { "no SHA-256", new FromWorker.CheckpointStored(Samples.Lease, Samples.Manifest with { Blobs = [new BlobRef("weights", "../../../etc/passwd", 1)] }) },
        { "length -1", new FromWorker.CheckpointStored(Samples.Lease, Samples.Manifest with { Blobs = [new BlobRef("weights", Hash, -1)] }) },
        { "100 blobs; allowed are 32", new FromWorker.CheckpointStored(Samples.Lease, Samples.Manifest with { Blobs = [.. Enumerable.Repeat(new BlobRef("b", Hash, 1), 100)] }) },
        { "no outcome", new FromWorker.RunEnded(Samples.Lease, 0, null!) },
        { "member -2", new FromWorker.RunEnded(Samples.Lease, -2, new RunOutcome.Drained(1)) },
        { "member -1", new FromWorker.GangBroke(Samples.Lease, -1, "it broke") },
        { "no sentence", new FromWorker.GangBroke(Samples.Lease, null, null!) },
        { "step -1", new FromWorker.JoinerReady(Samples.Lease, -1) },
        { "no measure", new FromWorker.MemberMeasured(Samples.Lease, null!) },
        { "-1 seconds", new FromWorker.MemberMeasured(Samples.Lease, new MemberMeasure(1, -1, 0, 0)) },
        { "NaN seconds", new FromWorker.MemberMeasured(Samples.Lease, new MemberMeasure(1, 0, 0, double.NaN)) },
        { "no SHA-256", new FromWorker.RunEnded(Samples.Lease, 0, new RunOutcome.Completed(600, null!)) },
        { "failure class 99", new FromWorker.RunEnded(Samples.Lease, 0, new RunOutcome.Broken((FailureClass)99, "")) },
        { "no sentence", new FromWorker.RunEnded(Samples.Lease, 0, new RunOutcome.Broken(FailureClass.Lost, null!)) },
        { "no order", new ToWorker.RunTrial(5, null!) },
        { "no order", new ToWorker.RunTrial(5, Samples.Order with { Definition = Samples.Order.Definition with { Training = null! } }) },
        { "member 1 of a gang", new ToWorker.RunTrial(5, Samples.Order with { Member = 1 }) },
        { "member -2 of a gang", new ToWorker.RunTrial(5, Samples.Order with { Member = -2 }) },
        { "0 shards of a member", new ToWorker.RunTrial(5, Samples.Order with { Members = [Samples.Order.Members[0] with { Shards = 0 }] }) },
        { "2 of 1 shards", new ToWorker.RunTrial(5, Samples.Order with { Members = [Samples.Order.Members[0] with { Shards = 2 }] }) },
        { "2000 reported steps", new ToWorker.RunTrial(5, Samples.Order with { Reported = new int[2_000] }) },
        { "no list of members", new ToWorker.RunTrial(5, Samples.Order with { Members = null! }) },
        { "a secret of another length", new ToWorker.RunTrial(5, Samples.Order with { Secret = [1] }) },
        { "under the lease fashion/4@7", new ToWorker.RunTrial(5, Samples.Order with { Lease = new Lease(new TrialId(Samples.Sweep, 4), 7) }) },
        { "no name of a sweep", new FromFace.Control(default, null, Verb.Pause, "ada") },
        { "trial number 0", new FromFace.Explain(Samples.Sweep, 0) },
        { "standing 9", new ToFace.Explained((ToFace.Standing)9, null, null, [], 0, 0) },
        { "no list of workers", new ToFace.Explained(ToFace.Standing.Waits, null, null, null!, 0, 0) },
        { "trial number 0", new FromFace.Control(Samples.Sweep, 0, Verb.Pause, "ada") },
        { "verb 9", new FromFace.Control(Samples.Sweep, 1, (Verb)9, "ada") },
        { "no name of a person", new FromFace.Control(Samples.Sweep, 1, Verb.Pause, null!) },
        { "no sweep", new FromFace.Edit(Samples.Sweep, 1, null!, "ada") },
        { "version -1", new FromFace.Edit(Samples.Sweep, -1, Samples.Spec(), "ada") },
        { "no name of a person", new FromFace.Edit(Samples.Sweep, 1, Samples.Spec(), "a\u001b[2J") },
        { "a piece of another length", new ToShelf.PutPiece(Samples.Trial, 1, Hash, 5, 0, [1]) },
        { "piece 1 of a blob of 5 bytes", new ToShelf.PutPiece(Samples.Trial, 1, Hash, 5, 1, []) },
        { "a blob of 9000000 bytes; allowed are 8388608", new ToShelf.PutPiece(Samples.Trial, 1, Hash, 9_000_000, 0, new byte[32 * 1024]) },
        { "no SHA-256", new ToShelf.GetPiece(Samples.Trial, 1, "../x", 0) },
        { "space -1", new ToShelf.Remove(Samples.Trial, -1, Hash) },
        { "trial number 0", new ToShelf.List(new TrialId(Samples.Sweep, 0), -1, "") },
        { "no piece, or one that is too long", new FromShelf.Piece(5, null!) },
        { "no list of blobs", new FromShelf.Page(null!, false) },
        { "no list of checkpoints", new ToWorker.CheckpointAccepted(Samples.Lease, 1, null!) },
        { "no sentence", new ToWorker.Rejected(null!) },
        { "no name of a sweep", new ToWorker.LeaseOver(default) },
        { "no sweep, or one without a part", new FromFace.Submit(null!) },
        { "no sweep, or one without a part", new FromFace.Submit(Samples.Spec() with { Training = null! }) },
        { "no name of a sweep", new FromFace.Submit(Samples.Spec() with { Name = null! }) },
        { "no name of a model", new FromFace.Submit(Samples.Spec() with { Trainable = Samples.Spec().Trainable with { Model = "" } }) },
        { "no name of a metric", new FromFace.Submit(Samples.Spec() with { Objective = new ObjectiveSpec(null!, Goal.Minimize) }) },
        { "goal 7", new FromFace.Submit(Samples.Spec() with { Objective = new ObjectiveSpec("swd", (Goal)7) }) },
        { "0 steps", new FromFace.Submit(Samples.Spec() with { Training = Samples.Spec().Training with { Steps = 0 } }) },
        { "an unknown search algorithm", new FromFace.Submit(Samples.Spec() with { Search = Samples.Spec().Search with { Algorithm = "magic" } }) },
        { "0 trials, 2 at a time", new FromFace.Submit(Samples.Spec(maxTrials: 0)) },
        { "3 to 2 workers", new FromFace.Submit(Samples.Spec(minWorkers: 3, maxWorkers: 2)) },
        { "no name of a hyperparameter", new FromFace.Submit(WithParameter(null!, new Uniform(0, 1))) },
        { "no distribution", new FromFace.Submit(WithParameter("loss", null!)) },
        { "a choice without values", new FromFace.Submit(WithParameter("loss", new Categorical([], null))) },
        { "no text", new FromFace.Submit(WithParameter("loss", new Constant(ParameterValue.Of((string)null!)))) },
        { "the value NaN", new FromFace.Submit(WithParameter("loss", new Constant(ParameterValue.Of(double.NaN)))) },
        { "a logarithm", new FromFace.Submit(WithParameter("loss", new LogUniform(0, 1))) },
        { "a range from 2 to 1", new FromFace.Submit(WithParameter("loss", new IntUniform(2, 1))) },
        { "a normal distribution", new FromFace.Submit(WithParameter("loss", new Normal(0, -1))) },
        { "a beta distribution", new FromFace.Submit(WithParameter("loss", new Beta(double.NaN, 1))) },
        { "no step of 3 within its bounds", new FromFace.Submit(WithParameter("loss", new Quantized(new Uniform(1, 2), 3))) },
        { "steps of what is no real distribution", new FromFace.Submit(WithParameter("loss", new Quantized(null!, 1))) },
        { "a fault in column 4", new FromFace.Submit(WithParameter("loss", new Uniform(0, 1), new Predicate("a >"))) },
        { "a condition about a, which is not searched", new FromFace.Submit(WithParameter("loss", new Uniform(0, 1), new Predicate("a > 1"))) },
        { "a fault in column 1", new FromFace.Submit(Samples.Spec() with { Parameters = new ParameterSpace([], [new Predicate("")]) }) },
        { "a fault in column 1", new FromFace.Submit(Samples.Spec() with { Comparison = new ComparisonSpec([], [new Predicate(null!)]) }) },
        { "no list of objectives", new FromFace.Submit(Samples.Spec() with { Comparison = new ComparisonSpec(null!, []) }) },
        { "no objective", new FromFace.Submit(Samples.Spec() with { Comparison = new ComparisonSpec([null!], []) }) },
        { "a target of NaN", new FromFace.Submit(Samples.Spec() with { Objective = new ObjectiveSpec("swd", Goal.Minimize, double.NaN) }) },
        { "the option magic of random", new FromFace.Submit(WithSearch(s => s with { Options = new Assignment([new("magic", ParameterValue.Of(1L))]) })) },
        { "no settings", new FromFace.Submit(WithSearch(s => s with { SeedTrials = [null!] })) },
        { "latent is what it cannot be", new FromFace.Submit(WithSearch(s => s with { SeedTrials = [new Assignment([new("latent", ParameterValue.Of(1L))])] })) },
        { "other is what it cannot be", new FromFace.Submit(WithSearch(s => s with { SeedTrials = [new Assignment([new("other", ParameterValue.Of(1L))])] })) },
        { "an unknown rule of early stopping", new FromFace.Submit(Samples.Spec() with { EarlyStopping = new EarlyStoppingSpec(null!, Assignment.Empty) }) },
        { "no name of a sweep to begin from", new FromFace.Submit(Samples.Spec() with { WarmStart = new WarmStartSpec(null!, 1) }) },
        { "the best -1 trials", new FromFace.Submit(Samples.Spec() with { WarmStart = new WarmStartSpec("other", -1) }) },
        { "an impossible budget", new FromFace.Submit(Samples.Spec() with { Budget = new BudgetSpec(1, DeviceHours: double.NaN) }) },
        { "an impossible budget", new FromFace.Submit(Samples.Spec() with { Budget = new BudgetSpec(-1) }) },
        { "no command", new FromFace.Submit(WithCommand(null)) },
        { "a command beside the model dcgan", new FromFace.Submit(Samples.Spec() with { Trainable = new TrainableSpec("dcgan", Assignment.Empty, new CommandSpec(["true"])) }) },
        { "a command without arguments", new FromFace.Submit(WithCommand(new CommandSpec([]))) },
        { "a command without arguments", new FromFace.Submit(WithCommand(new CommandSpec(null!))) },
        { "no text of a command", new FromFace.Submit(WithCommand(new CommandSpec([null!]))) },
        { "no text of a command", new FromFace.Submit(WithCommand(new CommandSpec(["a\0b"]))) },
        { "no name of a variable", new FromFace.Submit(WithCommand(new CommandSpec(["true"], Environment: [null!]))) },
        { "no name of a variable", new FromFace.Submit(WithCommand(new CommandSpec(["true"], Environment: [new EnvironmentVariable("A=B", "")]))) },
        { "metrics of kind 9", new FromFace.Submit(WithCommand(new CommandSpec(["true"], Metrics: (MetricsSource)9))) },
        { "a grace of -1 s", new FromFace.Submit(WithCommand(new CommandSpec(["true"], GraceSeconds: -1))) },
        { "epoch -1", new ToFace.Ruling(-1) },
        { "no sentence", new ToFace.Submitted("\u001b[2J", false) },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void A_malformed_message_is_refused_with_its_reason_and_counted(string reason, IWire message)
    {
        var serializer = new MessagePackWireSerializer((ExtendedActorSystem)Sys);
        byte[] bytes = MessagePackSerializer.Serialize(message.GetType(), message, MessagePackWireSerializer.Options);
        long before = RefusedMessages.Total;

        Should.Throw<SerializationException>(() => serializer.FromBinary(bytes, serializer.Manifest(message))).Message.ShouldContain(reason);

        RefusedMessages.Total.ShouldBeGreaterThan(before);
    }

    [Fact]
    public void All_live_manifests_of_a_trial_fit_in_one_order_however_large()
    {
        var largest = new CheckpointManifest(int.MaxValue, [.. Enumerable.Range(0, 32).Select(_ => new BlobRef(new string('n', 128), Hash, long.MaxValue, long.MaxValue))], new string('m', 512));
        WireValidation.FaultOf(new FromWorker.CheckpointStored(Samples.Lease, largest)).ShouldBeNull();

        byte[] bytes = new MessagePackWireSerializer((ExtendedActorSystem)Sys).ToBinary(new ToWorker.RunTrial(5, Samples.Order with { Checkpoints = [.. Enumerable.Repeat(largest, Retention.Newest + 1 + Retention.MaxPins)] }));

        bytes.Length.ShouldBeLessThan(MessagePackWireSerializer.MaxMessageBytes);
    }

    /// <summary>Whatever gets past the serializer may be refused by a rule, but never ends an actor or spoils its journal.</summary>
    [Fact]
    public void No_message_that_gets_in_makes_an_actor_of_the_coordinator_fail()
    {
        StartCoordinator();
        var errors = CreateTestProbe();
        Sys.EventStream.Subscribe(errors, typeof(Error));
        var worker = CreateTestProbe();
        var lease = TakeOrder(worker, Samples.Spec(maxTrials: 40, parallelTrials: 1, maxFailedTrials: 40)).Lease;
        var random = new Random(11);
        var serializer = new MessagePackWireSerializer((ExtendedActorSystem)Sys);

        for (int i = 0; i < 3_000; i++)
        {
            if (Mutated(serializer, random, lease) is { } message)
                Coordinator.Tell(message, worker);
            while (worker.HasMessages)
            {
                if (worker.ReceiveOne(TimeSpan.Zero) is ToWorker.RunTrial next)
                    lease = next.Order.Lease;
            }
        }

        Coordinator.Tell(FromFace.Hail.Instance, errors);
        errors.FishForMessage(m => m is Error error ? throw new InvalidOperationException($"{error.LogSource}: {error}") : m is ToFace.Ruling, Patience);
        KillCoordinator();
        StartCoordinator(); // the journal can be read
        Fish<Core.Sweeps.SweepView>(Watch()).Trials.ShouldNotBeEmpty();
        JournalRows("coordinator", "coordinator-started/1").ShouldBe(2);
    }

    private static IWire? Mutated(MessagePackWireSerializer serializer, Random random, Lease lease)
    {
        IWire[] words =
        [
            new FromWorker.Hello(1, new WorkerId("probe"), Instance, "cpu", "127.0.0.1", 4100, lease, null, 0),
            new FromWorker.Heartbeat(new WorkerId("probe"), Instance, random.Next(2) == 0 ? lease : null, 0),
            new FromWorker.RunStarted(lease, 100),
            new FromWorker.RunProgressed(lease, new StepProgress(150, 12.5, [new Metric("generator.loss", 0.75)])),
            new FromWorker.RunPictured(lease, 200, new SamplePicture(2, 2, 1, [0, 64, 128, 255])),
            new FromWorker.RunWarned(lease, "a warning"),
            new FromWorker.EvaluationReported(lease, Samples.Report),
            new FromWorker.CheckpointStored(lease, Samples.Manifest),
            new FromWorker.GangBroke(lease, 0, "the connection closed"),
            new FromWorker.JoinerReady(lease, 100),
            new FromWorker.MemberMeasured(lease, new MemberMeasure(100, 0.5, 0.25, 0.125)),
            new FromWorker.RunEnded(lease, 0, new RunOutcome.Broken(FailureClass.Hardware, "the disk is full")),
            new FromWorker.RunEnded(lease, 0, new RunOutcome.Completed(600, Hash)),
        ];
        var word = words[random.Next(words.Length)];
        byte[] bytes = serializer.ToBinary(word);
        bytes[random.Next(bytes.Length)] = random.Next(3) switch { 0 => 0xc0, 1 => (byte)random.Next(16), _ => (byte)random.Next(256) }; // 0xc0: nil
        try
        {
            return (IWire)serializer.FromBinary(bytes, serializer.Manifest(word));
        }
        catch (SerializationException)
        {
            return null;
        }
    }

    [Fact]
    public void A_search_that_makes_a_circle_is_refused()
    {
        var circle = (ParameterSpace)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(ParameterSpace));
        Backing(circle, "Parameters", new[] { new Parameter("a", new Uniform(0, 1), new Predicate("b > 0")), new Parameter("b", new Uniform(0, 1), new Predicate("a > 0")) });
        Backing(circle, "Constraints", Array.Empty<Predicate>());
        var message = new FromFace.Submit(Samples.Spec() with { Parameters = circle });
        byte[] bytes = MessagePackSerializer.Serialize(message, MessagePackWireSerializer.Options);
        var serializer = new MessagePackWireSerializer((ExtendedActorSystem)Sys);

        Should.Throw<SerializationException>(() => serializer.FromBinary(bytes, serializer.Manifest(message)));

        static void Backing(object target, string property, object value) => target.GetType()
            .GetField($"<{property}>k__BackingField", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!.SetValue(target, value);
    }

    private static SweepSpec WithParameter(string path, Distribution distribution, Predicate? when = null) =>
        Samples.Spec() with { Parameters = new ParameterSpace([new Parameter(path, distribution, when)]) };

    private static SweepSpec WithSearch(Func<SearchSpec, SearchSpec> change) => Samples.Spec() with { Search = change(Samples.Spec().Search) };

    private static SweepSpec WithCommand(CommandSpec? command) =>
        Samples.Spec() with { Trainable = new TrainableSpec(CommandSpec.Model, Assignment.Empty, command) };
}
