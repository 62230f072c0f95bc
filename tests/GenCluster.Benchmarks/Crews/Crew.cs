using System.Diagnostics;
using System.Net.Sockets;

namespace GenCluster.Benchmarks.Crews;

/// <summary>
/// The processes of one contender, started once and asked in turn. All contenders live side by side, so rounds can be
/// interleaved without a start between them; who is not being asked sleeps in a read.
/// <code>
/// member   hello MEMBER CARD     the card is for the others: a port, for example
/// crew     crew  CARD CARD ...   when all are there
/// member   ready
/// crew     any request
/// member   done ANSWER | failed MESSAGE
/// </code>
/// Lines of UTF-8 over a Unix socket, fields separated by tabs. The end of the connection is the end of the member.
/// </summary>
internal sealed class Crew : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<CrewProcess> processes;
    private readonly CrewSeat[] seats;

    private Crew(string name, List<CrewProcess> processes, CrewSeat[] seats) => (Name, this.processes, this.seats) = (name, processes, seats);

    public string Name { get; }

    /// <summary>What each member wanted the others to know.</summary>
    public IEnumerable<string> Cards => seats.Select(seat => seat.Card);

    /// <summary>Starts the processes and waits until all members are ready.</summary>
    /// <param name="commands">What to start, given the path of the socket to connect to. One process may start several members.</param>
    /// <exception cref="BenchmarkException">They did not come up.</exception>
    public static async Task<Crew> StartAsync(
        string name, int members, Func<string, IEnumerable<ProcessStartInfo>> commands, CancellationToken cancellation)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(members);
        var processes = new List<CrewProcess>();
        var seats = new CrewSeat[members];
        try
        {
            foreach (var command in commands(path))
                processes.Add(CrewProcess.Start(command));
            var crew = new Crew(name, processes, seats);
            await crew.GuardedAsync(limit => crew.GatherAsync(listener, limit), cancellation);
            return crew;
        }
        catch
        {
            await CloseAsync(processes, seats);
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Asks every member at once; the answers are in their order.</summary>
    /// <exception cref="BenchmarkException">A member failed, left, or took too long.</exception>
    public async Task<string[][]> AskAsync(string request, CancellationToken cancellation)
    {
        string[][] answers = [];
        await GuardedAsync(async limit => answers = await AnswersAsync(request, limit), cancellation);
        return answers;
    }

    public ValueTask DisposeAsync() => CloseAsync(processes, seats);

    private static async ValueTask CloseAsync(List<CrewProcess> processes, CrewSeat?[] seats)
    {
        foreach (var seat in seats)
            seat?.Dispose();
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    private async Task GatherAsync(Socket listener, CancellationToken limit)
    {
        for (int arrived = 0; arrived < seats.Length; arrived++)
        {
            var seat = await CrewSeat.WelcomeAsync(await listener.AcceptAsync(limit), limit);
            seats[seat.Member] = seat;
        }

        string cards = string.Join('\t', ["crew", .. seats.Select(seat => seat.Card)]);
        await Task.WhenAll(seats.Select(seat => seat.WriteAsync(cards, limit)));
        foreach (var seat in seats)
            await seat.ExpectAsync("ready", limit);
    }

    private async Task<string[][]> AnswersAsync(string request, CancellationToken limit)
    {
        await Task.WhenAll(seats.Select(seat => seat.WriteAsync(request, limit)));
        return await Task.WhenAll(seats.Select(seat => seat.ExpectAsync("done", limit)));
    }

    /// <summary>Does something with the members; what goes wrong is told with what the processes last said.</summary>
    private async Task GuardedAsync(Func<CancellationToken, Task> action, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var leaving = Task.WhenAny(processes.Select(process => process.Leaves(limit.Token)));
        var acting = action(limit.Token);
        try
        {
            if (await Task.WhenAny(acting, leaving) != acting)
                await limit.CancelAsync();
            await acting;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is OperationCanceledException or IOException or SocketException or BenchmarkException)
        {
            string said = string.Join('\n', processes.Select(process => process.LastWords).Where(words => words.Length > 0));
            string what = e is OperationCanceledException ? leaving.IsCompletedSuccessfully ? "a process ended" : $"no answer in {Patience.TotalSeconds:F0} s" : e.Message;
            throw new BenchmarkException($"{Name}: {what}{(said.Length > 0 ? $"; it said:\n{said}" : "")}", e);
        }
        finally
        {
            await limit.CancelAsync();
        }
    }
}
