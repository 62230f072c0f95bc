using System.Text.Json;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Tests.Support;

/// <summary>What a server tells of a sweep.</summary>
internal static class Details
{
    public static SweepDetail Of(string state, long place = 3, params IReadOnlyList<TrialSummary> trials) => new(
        new SweepSummary("clothes", state, "dcgan", "swd", "Minimize", 4, trials.Count, 0, 0, state == "Failed" ? 1 : 0, null, DateTimeOffset.UnixEpoch, null),
        state == "Halted" ? "no space left" : null, null, "fashion-mnist-sample", "random", 600, Json("""{"loss": "one of hinge, non-saturating"}"""), trials, [], place);

    public static TrialSummary Trial(int number, string state, double? objective = null) =>
        new(number, state, Json("""{"loss": "hinge"}"""), objective, null, objective is null ? null : 300, 1, null, null, null);

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
