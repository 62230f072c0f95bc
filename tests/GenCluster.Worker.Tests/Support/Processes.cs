namespace GenCluster.Worker.Tests.Support;

/// <summary>Processes of this machine, as <c>/proc</c> shows them.</summary>
internal static class Processes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Whether it lives; one that is dead and not yet buried does not.</summary>
    public static bool Lives(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for the end of all of them.</summary>
    public static async Task EndAsync(params int[] processes)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (processes.Any(Lives))
            await Task.Delay(10, patience.Token);
    }
}
