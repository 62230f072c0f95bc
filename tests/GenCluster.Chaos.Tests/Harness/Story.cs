using System.Globalization;

namespace GenCluster.Chaos.Tests.Harness;

/// <summary>Figures from what processes told.</summary>
internal static class Story
{
    public static TimeSpan LongestPause(IReadOnlyList<Told> story)
    {
        TimeSpan[] steps = [.. story.Where(told => told.IsStep).Select(told => told.At).Order()];
        return steps.Zip(steps.Skip(1), (before, after) => after - before).DefaultIfEmpty().Max();
    }

    /// <summary>Whenever a gang begins behind the furthest step of its trial, the steps between are made again.</summary>
    public static int StepsAgain(IReadOnlyList<Told> story)
    {
        var trials = new Dictionary<int, string>(); // by process
        var epochs = new HashSet<(string, string)>();
        var furthest = new Dictionary<string, int>();
        int again = 0;
        foreach (var told in story.OrderBy(told => told.At))
        {
            if (told.IsGang)
            {
                string trial = trials[told.Id] = told.Field("trial");
                if (epochs.Add((trial, told.Field("epoch"))))
                    again += Math.Max(0, furthest.GetValueOrDefault(trial) - Step(told));
            }
            else if (told.IsStep && trials.TryGetValue(told.Id, out string? trial))
            {
                furthest[trial] = Math.Max(furthest.GetValueOrDefault(trial), Step(told));
            }
        }

        return again;
    }

    private static int Step(Told told) => int.Parse(told.Field("step"), CultureInfo.InvariantCulture);
}
