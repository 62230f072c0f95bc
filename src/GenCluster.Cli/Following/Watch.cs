using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;
using GenCluster.Cli.Submission;
using GenCluster.Cli.Watching;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Following;

/// <summary>What <c>gencluster watch</c> was asked.</summary>
internal sealed record WatchSettings(string Sweep, ServerAddress Server, bool Plain, OutputFormat Output);

/// <summary><c>gencluster watch</c> from the first look to the exit code.</summary>
internal sealed class Watch(WatchSettings settings, CliPorts ports)
{
    public async Task<int> RunAsync()
    {
        using var api = new ApiClient(settings.Server, ports);
        using var interruption = new Interruption(ports.Signals, () => ports.Exit(ExitCode.Interrupted));
        try
        {
            var detail = await api.GetAsync<SweepDetail>(ApiClient.PathOf(settings.Sweep), interruption.Token);
            await FollowAsync(detail, api, interruption.Token);
            detail = await api.GetAsync<SweepDetail>(ApiClient.PathOf(settings.Sweep), interruption.Token);
            ApiText.Write(detail, settings.Output, ports.Out);
            return SweepEnd.Tell(detail, ports.Error);
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            ports.Error.WriteLine($"interrupted; the sweep goes on. Watch it again with: gencluster watch {settings.Sweep}");
            return ExitCode.Interrupted;
        }
    }

    private async Task FollowAsync(SweepDetail detail, ApiClient api, CancellationToken cancellation)
    {
        if (!settings.Plain && ports.Terminal() is { } terminal)
        {
            await using var display = new LiveDisplay(terminal, ports.Time);
            var sweep = new FollowedSweep(detail);
            display.Show(sweep.View);
            await EachAsync(detail, api, told => display.Show(Applied(sweep, told)), now => display.Show(Applied(sweep, now)), cancellation);
            return;
        }

        ports.Error.WriteLine($"sweep {detail.Sweep.Name}: {detail.Sweep.State}, {detail.Sweep.Succeeded + detail.Sweep.Failed}/{detail.Sweep.MaxTrials} trials");
        await EachAsync(detail, api, Print, _ => { }, cancellation);
    }

    private async Task EachAsync(SweepDetail detail, ApiClient api, Action<SweepEvent> happened, Action<SweepProgress> moved, CancellationToken cancellation)
    {
        await foreach (var message in new SweepFollower(api, ports).FollowAsync(settings.Sweep, $"{detail.Place}", cancellation))
        {
            if (message.Name is null && JsonSerializer.Deserialize<SweepEvent>(message.Data, ApiJson.Options) is { } told)
            {
                happened(told);
                if (told is { Trial: null, State: nameof(SweepPhase.Halted) })
                    return; // nothing more comes before somebody mends it
            }
            else if (message.Name == "progress" && JsonSerializer.Deserialize<SweepProgress>(message.Data, ApiJson.Options) is { } now)
            {
                moved(now);
            }
        }
    }

    private void Print(SweepEvent told)
    {
        if (EventText.Of(told) is { } line)
            ports.Error.WriteLine(line);
    }

    private static SweepView Applied(FollowedSweep sweep, SweepEvent told)
    {
        sweep.Apply(told);
        return sweep.View;
    }

    private static SweepView Applied(FollowedSweep sweep, SweepProgress now)
    {
        sweep.Apply(now);
        return sweep.View;
    }
}
