using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using GenCluster.Core.Training;
using GenCluster.Core.Trials;

namespace GenCluster.Actors.Protocol;

/// <summary>
/// What every message from another process must hold before an actor sees it. A serializer only gives it a shape: a
/// missing member is null whatever its type says, a number may be any. Whether a message fits the state it meets is for
/// the deciders.
/// </summary>
public static class WireValidation
{
    private const int MaxNameLength = 128;
    private const int MaxPersonLength = 512;
    private const int MaxHostLength = 255;
    private const int MaxMetrics = 256;
    private const int MaxBlobs = 32; // all live manifests of a trial must fit in one order
    private const int MaxPictureSide = 4_096;
    private const int MaxReported = 1_024;
    private const int SecretBytes = 32;

    /// <summary>What is wrong with it, for a log; null when it is sound.</summary>
    public static string? FaultOf(IWire message) => message switch
    {
        FromWorker.Hello m => First(
            Name("worker", m.Worker.Value), Name("device", m.Device), Host(m.Host), Port(m.Port), m.Held is { } held ? FaultOf(held) : null,
            NotNegative("epoch", m.Epoch),
            m.Shared is { } shared ? First(Name("device", shared.Device), shared.Bytes is > 0 and <= ByteSize.Max ? null : $"a device of {shared.Bytes} bytes") : null),
        FromWorker.Heartbeat m => First(
            Name("worker", m.Worker.Value), m.Held is { } held ? FaultOf(held) : null, NotNegative("epoch", m.Epoch)),
        FromWorker.Goodbye m => Name("worker", m.Worker.Value),
        FromWorker.RunStarted m => First(FaultOf(m.Lease), Step(m.Step)),
        FromWorker.RunProgressed m => First(FaultOf(m.Lease), FaultOf(m.Progress)),
        FromWorker.RunPictured m => First(FaultOf(m.Lease), Step(m.Step), FaultOf(m.Picture)),
        FromWorker.RunWarned m => First(FaultOf(m.Lease), Sentence(m.Message)),
        FromWorker.EvaluationReported m => First(FaultOf(m.Lease), m.Report is null ? "no report" : First(Step(m.Report.Step), FaultOf(m.Report.Metrics))),
        FromWorker.CheckpointStored m => First(FaultOf(m.Lease), FaultOf(m.Manifest)),
        FromWorker.GangBroke m => First(FaultOf(m.Lease), m.Blamed is { } blamed ? NotNegative("member", blamed) : null, Sentence(m.Message)),
        FromWorker.JoinerReady m => First(FaultOf(m.Lease), Step(m.Step)),
        FromWorker.MemberMeasured m => First(FaultOf(m.Lease), FaultOf(m.Measure)),
        FromWorker.RunEnded m => First(FaultOf(m.Lease), m.Member < TrialOrder.Joiner ? $"member {m.Member}" : null, FaultOf(m.Outcome)),
        ToWorker.Rejected m => Sentence(m.Reason),
        ToWorker.RunTrial m => FaultOf(m.Order),
        ToWorker.StopRun m => FaultOf(m.Lease),
        ToWorker.ReportAccepted m => FaultOf(m.Lease),
        ToWorker.CheckpointAccepted m => First(FaultOf(m.Lease), Each("checkpoint", m.Kept, FaultOf)),
        ToWorker.OutcomeAccepted m => FaultOf(m.Lease),
        ToWorker.LeaseOver m => FaultOf(m.Lease),
        IShelfRequest m => First(FaultOf(m.Trial), FaultOfShelf(m)),
        FromShelf.PieceStored m => NotNegative("piece", m.Index),
        FromShelf.Piece m => First(BlobLength(m.Length), m.Bytes is null || m.Bytes.Length > ShelfState.PieceBytes ? "no piece, or one that is too long" : null),
        FromShelf.Page m => Each("blob", m.Blobs, blob => blob is null ? "no blob" : First(NotNegative("space", blob.Space), Sha256(blob.Sha256))),
        FromShelf.Refused m => Sentence(m.Reason),
        FromShelf.BeginAgain or FromShelf.Missing or FromShelf.Removed => null,
        ToWorker.Welcome or ToWorker.HeartbeatAck => null,
        FromFace.Submit m => First(m.By.Length == 0 ? null : Person(m.By), SpecValidation.FaultOf(m.Spec)),
        FromFace.Control m => First(
            Name("sweep", m.Sweep.Value), m.Trial is < 1 ? $"trial number {m.Trial}" : null, Enum.IsDefined(m.Verb) ? null : $"verb {(int)m.Verb}", Person(m.By)),
        FromFace.Edit m => First(Name("sweep", m.Sweep.Value), NotNegative("version", m.Version), Person(m.By), SpecValidation.FaultOf(m.Spec)),
        ToFace.Ruling m => NotNegative("epoch", m.Epoch),
        ToFace.Submitted m => m.Refusal is null ? null : Sentence(m.Refusal),
        FromFace.Explain m => First(Name("sweep", m.Sweep.Value), m.Trial < 1 ? $"trial number {m.Trial}" : null),
        ToFace.Explained m => First(
            Enum.IsDefined(m.Standing) ? null : $"standing {(int)m.Standing}",
            m.Reason is null ? null : Sentence(m.Reason),
            m.Needs is null ? null : First(Name("device", m.Needs.Device), Name("project", m.Needs.Project)),
            Each("worker", m.Gang, worker => Name("worker", worker.Value))),
        ToFace.Controlled m => m.Refusal is null ? null : Sentence(m.Refusal),
        ToFace.Edited m => First(m.Refusal is null ? null : Sentence(m.Refusal), NotNegative("version", m.Version)),
        FromFace.Hail or FromFace.DrainAll or ToFace.Drained => null,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "a message without a rule"),
    };

    private static string? FaultOf(TrialId trial) => First(Name("sweep", trial.Sweep.Value), trial.Number < 1 ? $"trial number {trial.Number}" : null);

    private static string? FaultOf(Lease lease) => First(FaultOf(lease.Trial), NotNegative("epoch", lease.Epoch));

    private static string? FaultOfShelf(IShelfRequest request) => request switch
    {
        ToShelf.PutPiece m => First(
            NotNegative("space", m.Space), Sha256(m.Sha256), BlobLength(m.Length),
            m.Index >= 0 && m.Index < ShelfState.PiecesOf(m.Length) ? null : $"piece {m.Index} of a blob of {m.Length} bytes",
            m.Bytes?.Length == ShelfState.LengthOf(m.Index, m.Length) ? null : "a piece of another length"),
        ToShelf.GetPiece m => First(NotNegative("space", m.Space), Sha256(m.Sha256), NotNegative("piece", m.Index)),
        ToShelf.List m => m.AfterSha256 is "" ? null : Sha256(m.AfterSha256),
        ToShelf.Remove m => First(NotNegative("space", m.Space), Sha256(m.Sha256)),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "a request without a rule"),
    };

    private static string? BlobLength(int length) =>
        length is >= 0 and <= ShelfState.MaxBlobBytes ? null : $"a blob of {length} bytes; allowed are {ShelfState.MaxBlobBytes}";

    private static string? FaultOf(StepProgress? progress) => progress is null
        ? "no progress"
        : First(
            Step(progress.Step),
            double.IsFinite(progress.StepsPerSecond) && progress.StepsPerSecond >= 0 ? null : $"{progress.StepsPerSecond} steps per second",
            FaultOf(progress.Losses));

    private static string? FaultOf(MemberMeasure? measure) => measure is null
        ? "no measure"
        : First(
            Step(measure.Step), Seconds(measure.SecondsPerShard), Seconds(measure.WaitSeconds), Seconds(measure.Lateness));

    private static string? FaultOf(Metric[]? metrics) => metrics?.Length > MaxMetrics
        ? $"{metrics.Length} metrics; allowed are {MaxMetrics}"
        : Each("metric", metrics, metric => Name("metric", metric.Name)); // a value may be anything: NaN is worth reporting

    private static string? FaultOf(SamplePicture? picture)
    {
        if (picture?.Pixels is null)
            return "no picture";
        bool fits = picture is { Width: > 0 and <= MaxPictureSide, Height: > 0 and <= MaxPictureSide, Channels: 1 or 3 }
            && (long)picture.Width * picture.Height * picture.Channels == picture.Pixels.Length;
        return fits ? null : $"a picture of {picture.Width}x{picture.Height}x{picture.Channels} in {picture.Pixels.Length} bytes";
    }

    private static string? FaultOf(CheckpointManifest? manifest)
    {
        if (manifest is null)
            return "no manifest";
        if (manifest.Blobs?.Length > MaxBlobs)
            return $"{manifest.Blobs.Length} blobs; allowed are {MaxBlobs}";
        return First(
            Step(manifest.Step),
            manifest.Numerics is null || manifest.Numerics.Length > 4 * MaxNameLength ? "no numerics, or too long ones" : null,
            Each("blob", manifest.Blobs, blob => blob is null ? "no blob" : First(Name("blob", blob.Name), Sha256(blob.Sha256), NotNegative("length", blob.Length), NotNegative("space", blob.Space))));
    }

    private static string? FaultOf(RunOutcome? outcome) => outcome switch
    {
        RunOutcome.Completed done => First(Step(done.Steps), Sha256(done.WeightsSha256)),
        RunOutcome.Drained drained => Step(drained.Step),
        RunOutcome.Broken broken => First(
            Enum.IsDefined(broken.Failure) ? null : $"failure class {(int)broken.Failure}", Sentence(broken.Message)),
        _ => "no outcome",
    };

    private static string? FaultOf(TrialOrder? order)
    {
        if (order?.Definition is not { Model: not null, Settings: not null, Data: not null, Training: not null, Evaluation: not null, Objective: not null, Resources: not null })
            return "no order, or one without a complete definition";
        return First(
            FaultOf(order.Lease),
            order.Definition.Trial == order.Lease.Trial ? null : $"a definition of {order.Definition.Trial} under the lease {order.Lease}",
            Each("member", order.Members, member => member is null
                ? "no member"
                : First(Name("worker", member.Worker.Value), Host(member.Host), Port(member.Port), member.Shards > 0 ? null : $"{member.Shards} shards of a member")),
            order.Members is not null && order.Member >= TrialOrder.Joiner && order.Member < order.Members.Length ? null : $"member {order.Member} of a gang without it",
            SharesOf(order) == order.Definition.Training.Shards ? null : $"a gang that computes {SharesOf(order)} of {order.Definition.Training.Shards} shards",
            order.Secret?.Length == SecretBytes ? null : "a secret of another length",
            Each("checkpoint", order.Checkpoints, FaultOf),
            order.Until is < 1 ? $"a milestone at step {order.Until}" : null,
            order.Definition.Origin is { } origin ? First(FaultOf(origin.Trial), FaultOf(origin.Manifest)) : null,
            order.Reported?.Length > MaxReported ? $"{order.Reported.Length} reported steps; allowed are {MaxReported}" : null);
    }

    private static long SharesOf(TrialOrder order) => order.Members?.Sum(member => (long)(member?.Shards ?? 0)) ?? 0;

    private static string? Step(int step) => NotNegative("step", step);

    private static string? Seconds(double seconds) => double.IsFinite(seconds) && seconds >= 0 ? null : $"{seconds} seconds";

    private static string? NotNegative(string what, long value) => value < 0 ? $"{what} {value}" : null;

    private static string? Port(int port) => port is > 0 and <= ushort.MaxValue ? null : $"port {port}";

    private static string? Host(string? host) => host is { Length: > 0 and <= MaxHostLength } && !host.Any(char.IsControl) ? null : "no host, or an unfit one";

    private static string? Name(string what, string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl) ? null : $"no name of a {what}, or an unfit one";

    /// <summary>A person's name, and why they ask.</summary>
    private static string? Person(string? by) =>
        by is { Length: > 0 and <= MaxPersonLength } && !by.Any(char.IsControl) ? null : "no name of a person, or an unfit one";

    private static string? Sentence(string? text) => text is not null && Talk.IsPlain(text) ? null : "no sentence, or an unfit one";

    private static string? Sha256(string? hash) => hash is not null && BlobKey.IsHash(hash) ? null : "no SHA-256 in lower-case hex";

    private static string? Each<T>(string what, T[]? items, Func<T, string?> faultOf) =>
        items is null ? $"no list of {what}s" : items.Select(faultOf).FirstOrDefault(fault => fault is not null);

    private static string? First(params ReadOnlySpan<string?> faults)
    {
        foreach (string? fault in faults)
        {
            if (fault is not null)
                return fault;
        }

        return null;
    }
}
