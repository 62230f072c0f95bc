namespace GenCluster.Benchmarks.Crews;

/// <summary>Crews that live and end together.</summary>
internal sealed class CrewSet : IAsyncDisposable
{
    private readonly List<Crew> all = [];

    public IReadOnlyList<Crew> All => all;

    public Crew Add(Crew crew)
    {
        all.Add(crew);
        return crew;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var crew in all)
            await crew.DisposeAsync();
    }
}
