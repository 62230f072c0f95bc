using System.Globalization;
using GenCluster.Benchmarks.Contenders;
using GenCluster.Benchmarks.Measuring;
using GenCluster.Search.Tests.Quality;

namespace GenCluster.Benchmarks.Search;

/// <summary>
/// How good a configuration a search finds in a hundred trials, on functions whose optimum is known, beside random search and
/// the installed Optuna; and how long one proposal takes.
/// </summary>
internal sealed class SearchBenchmark(int seeds, TextWriter progress)
{
    private const int Trials = 100, RandomSeeds = 500;
    private const int Proposals = 50, Dimensions = 10;
    private const double Wins = 0.9; // 18 of 20

    public async Task<Report> RunAsync(IReadOnlyList<string> machine, CancellationToken cancellation)
    {
        var optuna = await Python.WithOptunaAsync(cancellation);
        List<SearchContender> contenders = [SearchContender.Own("GenCluster, sobol", "sobol", hasGoals: false), SearchContender.Own("GenCluster, tpe", "tpe"), SearchContender.Own("GenCluster, gp", "gp")];
        if (optuna.Interpreter is not null)
            contenders.Add(SearchContender.Optuna(optuna));

        List<SearchResult> results = [];
        foreach (var function in TestFunction.All)
        {
            double[] random = [.. Enumerable.Range(1, RandomSeeds).Select(seed => SearchContender.BestOf("random", function, Trials, seed))];
            results.Add(new SearchResult(function, "GenCluster, random", null, [.. random], Distribution.MedianOf(random)));
            foreach (var contender in contenders)
            {
                progress.WriteLine($"{function.Name}, {contender.Name}");
                List<double> bests = [];
                for (int seed = 1; seed <= seeds; seed++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    bests.Add(await contender.Best(function, Trials, seed, cancellation));
                }

                results.Add(new SearchResult(function, contender.Name, contender.Goals, bests, Distribution.MedianOf(random)));
            }
        }

        var tpe = Distribution.Of(SearchContender.ProposalTimes("tpe", Dimensions, 1000, Proposals));
        var gp = Distribution.Of(SearchContender.ProposalTimes("gp", Dimensions, 200, Proposals));
        return new Report(
            "search",
            [
                .. machine,
                $"peer: {optuna.Version}; {seeds} seeds, {Trials} trials one after another; random search {RandomSeeds} seeds",
            ],
            [TableOf(results), TimesOf(tpe, gp)],
            [
                .. results.Where(r => r.Goals is not null).Select(r => new Figure.AtLeast($"search/{r.Function.Name}/{r.Goals}/wins", r.Wins, Wins)),
                new Figure.AtMost("search/Branin/gp/gap-of-0.01", Gap("Branin") / 0.01, 1),
                new Figure.AtMost("search/Hartmann6/gp/gap-of-0.1", Gap("Hartmann6") / 0.1, 1),
                new Figure.AtMost("search/tpe/1000-trials/of-2ms", tpe.Median / 2, 1),
                new Figure.AtMost("search/gp/200-trials/of-100ms", gp.Median / 100, 1),
                .. optuna.Interpreter is null ? [new Figure.Skipped("search/optuna", $"install with {Python.InstallOptuna}")] : Array.Empty<Figure>(),
            ]);

        double Gap(string function) => results.Single(r => r.Goals == "gp" && r.Function.Name == function).Gap;
    }

    private static Table TableOf(IReadOnlyList<SearchResult> results)
    {
        var table = new Table(
            $"The best of {Trials} trials, median (p10 to p90) over the seeds; and the share of seeds that were better than random search in the middle.",
            ["", .. TestFunction.All.Select(f => f.Name), .. TestFunction.All.Select(f => $"wins, {f.Name}")]);
        foreach (var rows in results.GroupBy(r => r.Contender))
            table.Add([rows.Key, .. rows.Select(r => r.Text), .. rows.Select(r => Distribution.Digits(r.Wins))]);
        table.Add(["the optimum", .. TestFunction.All.Select(f => f.Least.ToString("G6", CultureInfo.InvariantCulture)), .. TestFunction.All.Select(_ => "")]);
        return table;
    }

    private static Table TimesOf(Distribution tpe, Distribution gp)
    {
        var table = new Table($"One proposal in {Dimensions} dimensions: milliseconds, median (p10-p90).", "", "time");
        table.Add("tpe after 1,000 trials", $"{tpe}");
        table.Add("gp after 200 trials", $"{gp}");
        return table;
    }
}
