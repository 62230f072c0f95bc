namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>An undisturbed run, to compare disturbed ones with.</summary>
/// <param name="FirstStep">From the start of the process to the first line about a step.</param>
internal sealed record Control(Sandbox Sandbox, Gencluster Command, Ending Ending, TimeSpan FirstStep)
{
    public string Leaderboard => Sandbox.Leaderboard;

    public SortedDictionary<string, string> Results => Sandbox.Results();
}

/// <summary>The undisturbed runs; each sweep is run once, when a test first asks for it.</summary>
public sealed class Controls : IAsyncDisposable
{
    private readonly Dictionary<string, Control> done = [];

    internal async Task<Control> OfAsync(string sweep)
    {
        if (!done.TryGetValue(sweep, out var control))
            done[sweep] = control = await RunAsync(new Sandbox(sweep));
        return control;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var control in done.Values)
            await control.Sandbox.DisposeAsync();
    }

    private static async Task<Control> RunAsync(Sandbox sandbox)
    {
        var command = sandbox.Start();
        await command.SaysAsync(" steps/s");
        var firstStep = command.Elapsed;
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        return new Control(sandbox, command, ending, firstStep);
    }
}
