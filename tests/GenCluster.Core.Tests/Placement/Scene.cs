using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using GenCluster.Core.Identity;
using GenCluster.Core.Placement;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Placement;

/// <summary>
/// Clusters and plans as short texts. A wish is <c>2-4!5@vision~10</c>: from two to four workers, priority 5, project
/// vision, at least ten minutes, and <c>2-4*</c> on GPUs; a gang adds <c>:abC/d</c>, the workers that stay and those on their
/// way out, in capitals those with a GPU.
/// A plan is <c>9+ab</c> (granted), <c>1-c</c> (gives back), <c>1!9</c> (stops for), <c>1^d</c> (grows), <c>9?Behind</c> (waits).
/// </summary>
internal static partial class Scene
{
    public const int FirstWaiting = 9;

    public static readonly ProjectRules Rules = new(ImmutableSortedDictionary<string, ProjectRule>.Empty
        .Add("small", new ProjectRule(Quota: 2)).Add("heavy", new ProjectRule(Weight: 2)));

    /// <param name="waiting">Trials 9, 10 and so on, in the order they came.</param>
    /// <param name="placed">Trials 1, 2 and so on.</param>
    public static PlacementState Of(string waiting, string placed, string free, int minute = 0)
    {
        Match[] wishes = [.. waiting.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        Match[] gangs = [.. placed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        var workers = gangs.SelectMany((g, i) => (g.Groups["stay"].Value + g.Groups["leave"].Value)
            .Select((name, seat) => Worker(name) with { Trial = Trial(i + 1), Seat = seat })).Concat(free.Select(Worker));
        return new PlacementState(
            [.. workers],
            [.. wishes.Select((w, i) => new WaitingGang(WishOf(w, FirstWaiting + i), i))],
            [.. gangs.Select((g, i) => new PlacedGang(WishOf(g, i + 1), TimeSpan.Zero) { Leaving = [.. g.Groups["leave"].Value.Select(n => Worker(n).Worker)] })])
        {
            Projects = Rules,
            Now = TimeSpan.FromMinutes(minute),
        };
    }

    public static OfferedWorker Worker(char name) => new(new WorkerId($"{name}")) { Device = char.IsUpper(name) ? "cuda" : "cpu" };

    public static TrialId Trial(int number) => new(Sweep, number);

    public static string Text(PlacementPlan plan) => string.Join(' ',
    [
        .. plan.Grants.Select(g => $"{g.Trial.Number}+{string.Concat(g.Members)}"),
        .. plan.Shrinkages.Select(s => $"{s.Trial.Number}-{string.Concat(s.Workers)}"),
        .. plan.Preemptions.Select(p => $"{p.Trial.Number}!{p.By.Number}"),
        .. plan.Growths.Select(g => $"{g.Trial.Number}^{string.Concat(g.Joiners)}"),
        .. plan.Waits.Select(w => $"{w.Trial.Number}?{w.Cause}"),
    ]);

    public static string Decide(PlacementState state) => Text(PlacementDecider.Decide(state));

    public static PlacementState WithWorker(this PlacementState state, char name, Func<OfferedWorker, OfferedWorker> change) =>
        state with { Workers = [.. state.Workers.Select(w => w.Worker.Value == $"{name}" ? change(w) : w)] };

    public static PlacementState WithEvery(this PlacementState state, Func<GangRequest, GangRequest> change) => state with
    {
        Waiting = [.. state.Waiting.Select(w => w with { Wish = change(w.Wish) })],
        Placed = [.. state.Placed.Select(g => g with { Wish = change(g.Wish) })],
    };

    private static GangRequest WishOf(Match wish, int trial) => new(Trial(trial), Number(wish, "min"), Number(wish, "max"))
    {
        Device = wish.Groups["gpu"].Success ? "cuda" : "auto",
        Priority = wish.Groups["priority"].Success ? Number(wish, "priority") : 0,
        Project = wish.Groups["project"].Success ? wish.Groups["project"].Value : ProjectRules.DefaultProject,
        MinRuntime = TimeSpan.FromMinutes(wish.Groups["minutes"].Success ? Number(wish, "minutes") : 0),
    };

    private static int Number(Match wish, string group) => int.Parse(wish.Groups[group].Value, CultureInfo.InvariantCulture);

    private static Match Parse(string text)
    {
        var match = Grammar().Match(text);
        match.Success.ShouldBeTrue(text);
        return match;
    }

    [GeneratedRegex(@"^(?<min>\d+)-(?<max>\d+)(?<gpu>\*)?(!(?<priority>-?\d+))?(@(?<project>[a-z]+))?(~(?<minutes>\d+))?(:(?<stay>[A-Za-z]*)(/(?<leave>[A-Za-z]+))?)?$")]
    private static partial Regex Grammar();
}
