using System.Collections.Concurrent;
using System.Globalization;
using GenCluster.Simulation.Tests.Engine;

namespace GenCluster.Simulation.Tests;

/// <summary>Runs simulations on threads of their own, one world each.</summary>
internal static class Seeds
{
    private const int Default = 2_000;

    /// <summary>How many seeds a run of the tests tries: <c>GENCLUSTER_SEEDS</c>.</summary>
    public static int Count => Number("GENCLUSTER_SEEDS") is { } count ? (int)count : Default;

    /// <summary>The one seed to run, where a person looks for the reason of a failure: <c>GENCLUSTER_SEED</c>.</summary>
    public static ulong? Single => Environment.GetEnvironmentVariable("GENCLUSTER_SEED") is "random" ? null : Number("GENCLUSTER_SEED");

    /// <summary>Runs one seed on a thread that no other simulation has used.</summary>
    public static SimulationResult RunAlone(ulong seed, bool isDisturbed = true, Func<PlantedBug>? bug = null) =>
        RunAll([seed], 1, isDisturbed, bug).Single();

    /// <summary>Runs seeds until one violates a promise; the results come in no order.</summary>
    public static IReadOnlyCollection<SimulationResult> RunAll(
        IEnumerable<ulong> seeds, int? threads = null, bool isDisturbed = true, Func<PlantedBug>? bug = null)
    {
        var left = new ConcurrentQueue<ulong>(seeds);
        var results = new ConcurrentBag<SimulationResult>();
        var failures = new ConcurrentBag<Exception>();
        void Work()
        {
            Simulation.Run(0); // the first one of a world makes what the others find there, and would go another way
            while (failures.IsEmpty && left.TryDequeue(out ulong seed))
            {
                try
                {
                    var result = Simulation.Run(seed, isDisturbed, bug?.Invoke());
                    results.Add(result);
                    if (result.Violation is not null)
                        left.Clear();
                }
                catch (Exception e)
                {
                    failures.Add(new InvalidOperationException($"seed {seed}: {e.Message}", e));
                }
            }

            World.Abandon();
        }

        Thread[] workers = [.. Enumerable.Range(0, threads ?? Environment.ProcessorCount).Select(i => new Thread(Work) { Name = $"simulation {i}", IsBackground = true })];
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        return failures.IsEmpty ? results : throw new AggregateException(failures);
    }

    public static string Explain(SimulationResult result) => $"""
        Seed {result.Seed} breaks a promise: {result.Violation}
        Run it alone: GENCLUSTER_SEED={result.Seed} build/test.sh Simulation

        {result.Trace}
        """;

    private static ulong? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
