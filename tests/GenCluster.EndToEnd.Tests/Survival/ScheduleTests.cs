using System.Globalization;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>
/// Workers are killed, frozen, asked to leave and come back at random moments, trial after trial. Each trial is the same
/// training, so each must leave the same weights. <c>GENCLUSTER_SCHEDULES</c> says how many trials go through it.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper log)
{
    private const int Workers = 4;
    private const int Stop = 19, Continue = 18;

    private static int Trials => int.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_SCHEDULES"), CultureInfo.InvariantCulture, out int trials) ? trials : 1;

    [Theory]
    [InlineData("auto")]
    [InlineData("tcp")]
    public async Task No_schedule_of_deaths_freezes_and_returns_shows_in_the_weights(string transport)
    {
        await using var undisturbed = new Sandbox("schedules");
        string weights = WeightsOf((await undisturbed.SucceedAsync("--workers", "1")).Output);
        await using var sandbox = new Sandbox("schedules", text => text
            .Replace("maxTrials: 1", $"maxTrials: {Trials}", StringComparison.Ordinal)
            .Replace("max: 4}", $"max: 4}}, transport: {transport}", StringComparison.Ordinal));
        var command = sandbox.Start("--workers", $"{Workers}");

        int faults = await DisturbAsync(command, new Random(7)); // a seed for which faults, though not when they strike
        var ending = await command.EndAsync(TimeSpan.FromMinutes(60));

        log.WriteLine($"{Trials} trials, {faults} faults, {ending.Time.TotalSeconds:0} s");
        ending.Code.ShouldBe(0, ending.ToString());
        faults.ShouldBeGreaterThan(0);
        for (int trial = 1; trial <= Trials; trial++)
            Sandbox.Sha256(Path.Combine(sandbox.TrialFolder(trial), "weights.safetensors")).ShouldBe(weights, $"trial {trial}\n{ending}");
    }

    private static string WeightsOf(IEnumerable<string> output) =>
        output.Single(line => line.StartsWith("weights sha256: ", StringComparison.Ordinal))["weights sha256: ".Length..];

    /// <summary>Strikes the workers in turn, so that none dies so often that it is given up.</summary>
    private static async Task<int> DisturbAsync(Gencluster command, Random dice)
    {
        int faults = 0;
        await command.SaysAsync(" steps/s");
        while (!command.HasExited)
        {
            await Task.Delay(dice.Next(3000, 6000));
            if (command.Workers.FirstOrDefault(worker => worker.Argument("--name") == $"worker-{1 + (faults % Workers)}") is not { } victim)
                continue;
            faults++;
            await StrikeAsync(victim.Id, dice);
        }

        return faults;
    }

    private static async Task StrikeAsync(int worker, Random dice)
    {
        switch (dice.Next(4))
        {
            case 0:
                ProcessGroup.Signal(worker, ProcessGroup.Terminate);
                break;
            case 1:
                ProcessGroup.Signal(worker, Stop);
                await Task.Delay(dice.Next(100, 9000)); // longer and shorter than a lease
                ProcessGroup.Signal(worker, Continue);
                break;
            default:
                ProcessGroup.Signal(worker, ProcessGroup.Kill);
                break;
        }
    }
}
