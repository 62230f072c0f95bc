using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Watching;

/// <summary>Shows a sweep while it runs. Safe to call from any thread.</summary>
public interface ISweepDisplay : IAsyncDisposable
{
    /// <summary>The sweep as it is now.</summary>
    void Show(SweepView view);

    /// <summary>Something this command itself has to say.</summary>
    void Say(string line);

    /// <summary>Leaves the terminal usable; nothing is shown any more.</summary>
    void Abandon();
}
