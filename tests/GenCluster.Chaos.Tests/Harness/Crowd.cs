namespace GenCluster.Chaos.Tests.Harness;

/// <summary>Connections to one port; some say one more byte each second.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly int port;
    private readonly List<Wire> wires = [];
    private readonly List<Wire> dripping = [];
    private readonly Timer drip;

    public Crowd(int port)
    {
        this.port = port;
        drip = new Timer(_ => Drip(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public int Count => wires.Count;

    public int Open => wires.Count(wire => !wire.End.IsCompleted);

    public async Task<IReadOnlyList<Wire>> ComeAsync(int from, int count, string words = "", bool isDripping = false)
    {
        var come = new List<Wire>();
        for (int i = 0; i < count; i++)
        {
            var wire = await Wire.ConnectAsync(port, from);
            wires.Add(wire);
            come.Add(wire);
            await wire.SayAsync(words);
        }

        lock (dripping)
            dripping.AddRange(isDripping ? come : []);
        return come;
    }

    public void Dispose()
    {
        drip.Dispose();
        wires.ForEach(wire => wire.Dispose());
    }

    private void Drip()
    {
        lock (dripping)
        {
            foreach (var wire in dripping.Where(wire => !wire.End.IsCompleted))
                _ = wire.SayAsync("x");
        }
    }
}
