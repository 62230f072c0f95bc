using System.Globalization;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests.Faults;

/// <summary>Clients of the API that take their time and all the room there is.</summary>
internal static class ApiFaults
{
    // What the server promises in docs/security.md, and Kestrel of connections that have said nothing.
    private const int MaxConnections = 1_000, OfAnAddress = 500;
    private const string Upload = "POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/yaml\r\n";

    private static readonly TimeSpan
        HeadTime = TimeSpan.FromSeconds(10), BodyGrace = TimeSpan.FromSeconds(5), SilentTime = TimeSpan.FromSeconds(10),
        Slack = TimeSpan.FromSeconds(15); // the server looks once a second, on a machine that also trains

    public static async Task SlowClients(Arena arena)
    {
        var service = await Service.StartAsync(arena);
        await service.SubmitAsync();
        int port = service.Api.Port;
        long before = Proc.MemoryOf(service.Node.Id);
        using var crowd = new Crowd(port);

        var heads = await crowd.ComeAsync(from: 2, arena.Dice.Next(50, 200), "GET /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", isDripping: true);
        var bodies = await crowd.ComeAsync(from: 3, arena.Dice.Next(50, 200), Upload + "Content-Length: 1000\r\n\r\n", isDripping: true);
        await HugeAsync(port);
        var greedy = await crowd.ComeAsync(from: 4, OfAnAddress + arena.Dice.Next(50, 200));
        await Eventually.Holds(() => greedy.Count(wire => !wire.End.IsCompleted) <= OfAnAddress, "the end of what is more than an address's part", Slack);
        (await AnswersAsync(port)).ShouldBeTrue("one address has taken more than its part");
        List<Wire> silent = [.. greedy];
        for (int from = 5; from < 8; from++)
            silent.AddRange(await crowd.ComeAsync(from, arena.Dice.Next(400, OfAnAddress)));
        await Eventually.Holds(() => crowd.Open <= MaxConnections, "the end of what is more than all may have", Slack);
        arena.Note(string.Create(CultureInfo.InvariantCulture, $"{crowd.Count} connections, {crowd.Open} of them kept"));
        await service.StepsAsync();

        double[] cut = [await AreCutAsync(heads, HeadTime, 408), await AreCutAsync(bodies, BodyGrace, 408), await AreCutAsync(silent, SilentTime, 0)];
        (await AnswersAsync(port)).ShouldBeTrue("nobody is answered after the crowd has gone");
        long grown = Proc.MemoryOf(service.Node.Id) - before;
        grown.ShouldBeLessThan(InputFaults.MostGrowth);
        arena.Note(string.Create(CultureInfo.InvariantCulture, $"heads, bodies and silent ones cut after {cut[0]:0.0}, {cut[1]:0.0} and {cut[2]:0.0} s, {grown >> 20} MB more memory"));
        await service.EndsWellAsync();
    }

    private static async Task HugeAsync(int port)
    {
        string spaces = new(' ', 256 << 10);
        (await Wire.SpeakAsync(port, $"GET /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: {new string('x', 100_000)}\r\n\r\n")).Status.ShouldBe(431);
        (await Wire.SpeakAsync(port, $"{Upload}Content-Length: {40 * spaces.Length}\r\n\r\n{string.Concat(Enumerable.Repeat(spaces, 40))}")).Status.ShouldBe(413);
        (await Wire.SpeakAsync(port, $"{Upload}Transfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat($"{spaces.Length:x}\r\n{spaces}\r\n", 40))}")).Status.ShouldBe(413);
        (await Wire.SpeakAsync(port, $"{Upload}Content-Length: {spaces.Length}\r\n\r\n{spaces.Replace(' ', '[')}")).Status.ShouldBe(400);
    }

    /// <summary>Each ends in time; those that have begun a request are told why.</summary>
    /// <returns>The seconds of the last.</returns>
    private static async Task<double> AreCutAsync(IReadOnlyCollection<Wire> wires, TimeSpan limit, int status)
    {
        var ends = await Task.WhenAll(wires.Select(wire => wire.End)).WaitAsync(limit + Slack);
        ends.Select(end => end.Status).Distinct().ShouldBe([status]);
        var last = ends.Max(end => end.After);
        last.ShouldBeLessThan(limit + Slack);
        return last.TotalSeconds;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        foreach (string path in new[] { "/healthz", "/api/v1/sweeps" })
        {
            if ((await Wire.SpeakAsync(port, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")).Status != 200)
                return false;
        }

        return true;
    }
}
