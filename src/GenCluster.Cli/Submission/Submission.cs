using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Following;
using GenCluster.Cli.Runs;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Submission;

/// <summary><c>gencluster submit</c> from the file to the exit code.</summary>
internal sealed class Submission(SubmitSettings settings, CliPorts ports)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<int> RunAsync()
    {
        // Mistakes are told with the file's own name, and before anything is sent.
        if (SweepFiles.LoadToSend(settings.File, ports.Error) is not var (spec, file))
            return ExitCode.WrongInput;
        using var api = new ApiClient(settings.Server, ports);
        using var interruption = new Interruption(ports.Signals, () => ports.Exit(ExitCode.Interrupted));
        try
        {
            var answer = await GiveAsync(api, spec.Name, file, interruption.Token);
            if (settings.Wait)
                return await FollowAsync(api, answer, interruption.Token);
            if (settings.Output is OutputFormat.Json)
                ApiText.WriteJson(answer, ports.Out);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            ports.Error.WriteLine($"interrupted; the sweep goes on. Follow it with: gencluster show {spec.Name}");
            return ExitCode.Interrupted;
        }
    }

    private async Task<SubmittedSweep> GiveAsync(ApiClient api, string sweep, byte[] file, CancellationToken cancellation)
    {
        try
        {
            var answer = await api.SubmitAsync(file, cancellation);
            if (settings.Edit && answer.Known)
                return await EditAsync(api, sweep, file, cancellation); // one of its versions, and not always the one in force
            ports.Error.WriteLine(answer.Known ? $"sweep {answer.Name} is there; it goes on" : $"sweep {answer.Name} submitted");
            return answer;
        }
        catch (CliException refusal) when (settings.Edit && refusal.Problem == ProblemKind.Conflict.Code)
        {
            return await EditAsync(api, sweep, file, cancellation);
        }
    }

    private async Task<SubmittedSweep> EditAsync(ApiClient api, string sweep, byte[] file, CancellationToken cancellation)
    {
        long seen = (await api.GetAsync<SweepDetail>(ApiClient.PathOf(sweep), cancellation)).Version;
        var edited = await api.EditAsync(sweep, file, seen, cancellation);
        ports.Error.WriteLine(edited.Version == seen ? $"sweep {sweep} is there; it goes on" : $"sweep {sweep} was there with another file; it goes on with version {edited.Version}");
        return new SubmittedSweep(sweep, Known: true, edited.Warnings, edited.Place);
    }

    private async Task<int> FollowAsync(ApiClient api, SubmittedSweep answer, CancellationToken cancellation)
    {
        var told = new Dictionary<long, string>();
        long began = ports.Time.GetTimestamp();
        bool caughtUp = false;
        while (true)
        {
            // It is in the journal, and the read model follows in a moment: until then it may show how the sweep was before.
            var (sweep, _) = await api.FindAsync<SweepDetail>(ApiClient.PathOf(answer.Name), cancellation);
            if (sweep is not null && sweep.Place >= (answer.Place ?? 0))
            {
                caughtUp = true;
                TellNews(sweep, told);
                if (sweep.Sweep.State is not (nameof(SweepPhase.Running) or nameof(SweepPhase.Paused) or nameof(SweepPhase.Stopping)))
                    return TellEnd(sweep);
            }
            else if (!caughtUp && ports.Time.GetElapsedTime(began) > Patience)
            {
                throw new CliException(
                    ExitCode.Failed,
                    $"sweep {answer.Name} was taken, and the server has shown nothing of that for {Patience.TotalSeconds:0} s; "
                    + $"its log says why it does not follow its journal. Follow the sweep later with: gencluster show {answer.Name}");
            }

            await Task.Delay(Pause, ports.Time, cancellation);
        }
    }

    private void TellNews(SweepDetail sweep, Dictionary<long, string> told)
    {
        foreach (var trial in sweep.TrialList)
        {
            string news = ApiText.News(trial, sweep.Sweep.Metric);
            if (told.TryGetValue(trial.Number, out string? before) && before == news)
                continue;
            told[trial.Number] = news;
            ports.Error.WriteLine($"trial {trial.Number}: {news}");
        }
    }

    private int TellEnd(SweepDetail sweep)
    {
        ApiText.Write(sweep, settings.Output, ports.Out);
        return SweepEnd.Tell(sweep, ports.Error);
    }
}
