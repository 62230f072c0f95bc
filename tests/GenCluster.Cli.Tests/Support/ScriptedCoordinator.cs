using System.Runtime.CompilerServices;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server;

namespace GenCluster.Cli.Tests.Support;

/// <summary>A coordinator that shows what a test gives it.</summary>
internal sealed class ScriptedCoordinator(Func<CancellationToken, IAsyncEnumerable<SweepView>> script) : ICoordinator
{
    private readonly TaskCompletionSource<string> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Shows these views, one after the other.</summary>
    public ScriptedCoordinator(params SweepView[] views)
        : this(cancellation => Each(views, cancellation))
    {
    }

    public string Address => "akka.tcp://gencluster@127.0.0.1:4053";

    public SubmitAnswer Answer { get; init; } = new(null, Resumed: false);

    public Func<CancellationToken, Task> OnDrain { get; init; } = _ => Task.CompletedTask;

    /// <summary>The answer to verbs and changes.</summary>
    public string? Refusal { get; init; }

    public List<(SweepId Sweep, int? Trial, Verb Verb, string By)> Controlled { get; } = [];

    public SweepSpec? Submitted { get; private set; }

    public bool Drained { get; private set; }

    public bool Closed { get; private set; }

    public Task<string> Fault => fault.Task;

    public void Break(string sentence) => fault.SetResult(sentence);

    public Task<SubmitAnswer> SubmitAsync(SweepSpec spec, CancellationToken cancellation)
    {
        Submitted = spec;
        return Task.FromResult(Answer);
    }

    public Task<string?> ControlAsync(SweepId sweep, int? trial, Verb verb, string by, CancellationToken cancellation)
    {
        Controlled.Add((sweep, trial, verb, by));
        return Task.FromResult(Refusal);
    }

    public Task<EditAnswer> EditAsync(SweepId sweep, int version, SweepSpec spec, string by, CancellationToken cancellation)
    {
        Submitted = spec;
        return Task.FromResult(new EditAnswer(Refusal, version + 1));
    }

    public async IAsyncEnumerable<SweepView> WatchAsync(SweepId sweep, [EnumeratorCancellation] CancellationToken cancellation)
    {
        sweep.ShouldBe(Sweeps.Id);
        await foreach (var view in script(cancellation))
            yield return view;
    }

    public Task DrainAsync(CancellationToken cancellation)
    {
        Drained = true;
        return OnDrain(cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Closed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Shows a view, does something, then shows nothing more.</summary>
    public static ScriptedCoordinator Then(SweepView view, Func<ScriptedCoordinator, Task> act, Func<CancellationToken, Task>? onDrain = null)
    {
        ScriptedCoordinator? self = null;
        self = new ScriptedCoordinator(Play) { OnDrain = onDrain ?? (_ => Task.CompletedTask) };
        return self;

        async IAsyncEnumerable<SweepView> Play([EnumeratorCancellation] CancellationToken cancellation)
        {
            yield return view;
            await act(self!);
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }

    public static ScriptedCoordinator Then(SweepView view, Action<ScriptedCoordinator> act, Func<CancellationToken, Task>? onDrain = null) =>
        Then(
            view,
            self =>
            {
                act(self);
                return Task.CompletedTask;
            },
            onDrain);

    private static async IAsyncEnumerable<SweepView> Each(SweepView[] views, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var view in views)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return view;
        }
    }
}
