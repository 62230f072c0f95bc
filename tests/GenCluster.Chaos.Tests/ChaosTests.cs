using System.Globalization;
using GenCluster.Chaos.Tests.Faults;
using GenCluster.Chaos.Tests.Harness;

namespace GenCluster.Chaos.Tests;

/// <summary>
/// Every fault of the catalogue strikes a running sweep, which then ends as the undisturbed one did. <c>build/chaos.sh</c> runs them all;
/// without it, a short choice runs, one seed each.
/// </summary>
public sealed class ChaosTests(Controls controls, ChaosReport report, ITestOutputHelper log)
{
    public static TheoryData<int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int>();
            foreach (var fault in Catalogue.Chosen(Environment.GetEnvironmentVariable("GENCLUSTER_CHAOS")))
            {
                for (int seed = 1; seed <= Seeds; seed++)
                    cases.Add(fault.Number, seed);
            }

            return cases;
        }
    }

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("GENCLUSTER_SEEDS"), CultureInfo.InvariantCulture, out int seeds) ? seeds : 1;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_sweep_ends_as_the_undisturbed_one(int fault, int seed)
    {
        var struck = Catalogue.All.Single(known => known.Number == fault);
        var control = await controls.OfAsync("chaos");
        await using var arena = new Arena(control, seed, Tell);

        await struck.Strike(arena);

        var outcome = arena.Outcome;
        log.WriteLine($"{struck.Name}, seed {seed}: {outcome}");
        report.Add(struck, outcome);

        void Tell(string line)
        {
            log.WriteLine(line);
            TestContext.Current.SendDiagnosticMessage("{0}", line);
        }
    }
}
