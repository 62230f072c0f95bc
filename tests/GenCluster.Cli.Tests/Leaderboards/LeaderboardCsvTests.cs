using System.Globalization;
using System.Text;
using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Tests.Support;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;

namespace GenCluster.Cli.Tests.Leaderboards;

public sealed class LeaderboardCsvTests
{
    [Fact]
    public void Has_a_row_per_trial_from_the_best_to_the_worst()
    {
        var view = Sweeps.View(
            SweepPhase.Succeeded, Sweeps.Succeeded(1, 52.125), Sweeps.Succeeded(2, 0.1 + 0.2), Sweeps.Failed(3, "NaN"), Sweeps.Succeeded(4, double.NaN), Sweeps.Pending(5));

        Write(view).ShouldMatch("leaderboard-csv");
    }

    [Fact]
    public void Quotes_what_would_break_a_row()
    {
        var trial = Sweeps.Succeeded(1, 1) with { Assignment = new Assignment([new("loss", ParameterValue.Of("a,\"b\"\nc"))]) };

        Write(Sweeps.View(SweepPhase.Succeeded, trial)).ShouldBe(
            "trial,state,loss,optimizer.discriminator.learningRate,optimizer.generator.learningRate,objective,steps,weights sha256\n"
            + $"1,Succeeded,\"a,\"\"b\"\"\nc\",,,1,600,{Sweeps.Hash(1)}\n");
    }

    [Fact]
    public void Does_not_depend_on_the_culture()
    {
        string expected = Write(Sweeps.Finished());
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Write(Sweeps.Finished()).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_number_reads_back_as_itself()
    {
        double objective = Math.PI * 1e-7;

        string row = Write(Sweeps.View(SweepPhase.Succeeded, Sweeps.Succeeded(1, objective))).Split('\n')[1];

        double.Parse(row.Split(',')[5], CultureInfo.InvariantCulture).ShouldBe(objective);
    }

    private static string Write(SweepView view)
    {
        using var stream = new MemoryStream();
        LeaderboardCsv.Write(view, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
