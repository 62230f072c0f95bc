using System.Diagnostics;
using System.Globalization;
using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Survival;

/// <summary>
/// Workers are killed, frozen and cut off at every phase of a step, asked to leave, and come back, trial after trial. Each trial is the same
/// training, so each must leave the same weights. <c>GENCLUSTER_SCHEDULES</c> says how many trials go through it.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper log)
{
    private const int Workers = 5; // one more than a gang has: somebody joins as soon as one is lost
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan NobodyHangsLonger = TimeSpan.FromSeconds(10);

    private static readonly string[] Phases =
    [
        "Training/Phase[phase=data]", "Training/Phase[phase=forward]", "Training/Phase[phase=backward]", "Training/Phase[phase=reduce]", "Training/Phase[phase=apply]",
        "Training/Phase[phase=evaluate]", "Training/Phase[phase=checkpoint]", "Training/Phase[phase=blob]", "Training/Phase[phase=manifest]",
        "Training/Phase[phase=copy]", "Training/Phase[phase=follow]", "Collectives/Send", "Collectives/Part", "Collectives/Sum",
    ];

    private readonly SortedDictionary<string, List<TimeSpan>> pauses = new(StringComparer.Ordinal);

    private static int Trials => int.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_SCHEDULES"), CultureInfo.InvariantCulture, out int trials) ? trials : 1;

    [Theory]
    [InlineData("auto", new[] { "kill", "kill", "kill", "stop", "leave" })]
    [InlineData("tcp", new[] { "kill", "kill", "stop", "cut", "cut", "leave" })]
    public async Task No_schedule_of_deaths_freezes_partitions_and_returns_shows_in_the_weights(string transport, string[] faults)
    {
        await using var undisturbed = new Sandbox("schedules");
        string weights = WeightsOf((await undisturbed.SucceedAsync("--workers", "1")).Output);
        using var plan = new FaultPlan();
        await using var sandbox = new Sandbox("schedules", text => text
            .Replace("maxTrials: 1", $"maxTrials: {Trials}", StringComparison.Ordinal)
            .Replace("max: 4}", $"max: 4}}, transport: {transport}", StringComparison.Ordinal));
        var command = sandbox.StartWith(sandbox.Run("--workers", $"{Workers}"), plan.Environment);

        await DisturbAsync(command, plan, faults, new Random(7));
        var ending = await command.EndAsync(TimeSpan.FromMinutes(60));

        Report(ending);
        ending.Code.ShouldBe(0, ending.ToString());
        pauses.ShouldNotBeEmpty();
        for (int trial = 1; trial <= Trials; trial++)
            Sandbox.Sha256(Path.Combine(sandbox.TrialFolder(trial), "weights.safetensors")).ShouldBe(weights, $"trial {trial}\n{ending}");
        pauses.SelectMany(fault => fault.Value).ShouldAllBe(pause => pause < NobodyHangsLonger + Lease);
    }

    private static string WeightsOf(IEnumerable<string> output) =>
        output.Single(line => line.StartsWith("weights sha256: ", StringComparison.Ordinal))["weights sha256: ".Length..];

    /// <summary>Up to three faults in each trial, one after the other, each when training goes on after the last.</summary>
    private async Task DisturbAsync(Gencluster command, FaultPlan plan, string[] faults, Random dice)
    {
        int trial = 0, left = 0;
        while (!command.HasExited)
        {
            if (plan.Look().LastOrDefault(told => told.IsGang) is { } gang && TrialOf(gang) > trial)
                (trial, left) = (TrialOf(gang), 1 + (TrialOf(gang) % 3));
            if (left == 0)
            {
                await Task.Delay(5);
                continue;
            }

            string action = faults[dice.Next(faults.Length)], phase = Phases[dice.Next(Phases.Length)];
            if (await StrikeAsync(command, plan, action, phase, dice))
                left--;
        }
    }

    private async Task<bool> StrikeAsync(Gencluster command, FaultPlan plan, string action, string phase, Random dice)
    {
        string fault = action switch
        {
            "cut" => $"cut {dice.Next(500, 9000)}ms", // longer and shorter than a lease
            "leave" => "note",
            _ => action,
        };
        string name = plan.Arm($"{fault} GenCluster-{phase}:{1 + dice.Next(phase.EndsWith("=evaluate]", StringComparison.Ordinal) ? 1 : 5)}");
        if (!await StrikesAsync(command, plan, name))
            return false;
        var strike = await plan.StrikeAsync();
        if (action == "leave")
            ProcessGroup.Signal(strike.Id, ProcessGroup.Terminate);
        var thaw = action == "stop" ? ThawAsync(strike.Id, TimeSpan.FromMilliseconds(dice.Next(100, 9000))) : Task.CompletedTask;
        await NoteRecoveryAsync(command, plan, strike, $"{action} at {phase}");
        await thaw;
        return true;
    }

    // trial=schedules/12
    private static int TrialOf(Told gang) => int.Parse(gang.Field("trial").Split('/')[1], CultureInfo.InvariantCulture);

    private static async Task<bool> StrikesAsync(Gencluster command, FaultPlan plan, string name)
    {
        var patience = Stopwatch.StartNew();
        while (!plan.HasStruck(name) && !command.HasExited && patience.Elapsed < TimeSpan.FromSeconds(3))
            await Task.Delay(2);
        return !plan.Withdraw(name);
    }

    private static async Task ThawAsync(int worker, TimeSpan after)
    {
        await Task.Delay(after);
        ProcessGroup.Signal(worker, ProcessGroup.Continue);
    }

    /// <summary>How long it takes until another process has finished a step.</summary>
    private async Task NoteRecoveryAsync(Gencluster command, FaultPlan plan, Told strike, string fault)
    {
        Told? next = null;
        await Eventually.Holds(
            () => (next = plan.Look().FirstOrDefault(told => told.At > strike.At && told.Id != strike.Id && told.IsStep)) is not null || command.HasExited,
            $"a step after {fault}");
        if (next is null)
            return;
        if (!pauses.TryGetValue(fault, out var known))
            pauses[fault] = known = [];
        known.Add(next.At - strike.At);
    }

    private void Report(Ending ending)
    {
        TimeSpan[] all = [.. pauses.SelectMany(fault => fault.Value).Order()];
        log.WriteLine($"{Trials} trials, {all.Length} faults, {ending.Time.TotalSeconds:0} s");
        if (all.Length > 0)
            log.WriteLine($"the others' next step: median {all[all.Length / 2].TotalSeconds:0.00} s, 90th of 100 {all[all.Length * 9 / 10].TotalSeconds:0.00} s, longest {all[^1].TotalSeconds:0.00} s");
        foreach (var (fault, times) in pauses)
            log.WriteLine($"{times.Count,5} {fault}, longest {times.Max().TotalSeconds:0.00} s");
    }
}
