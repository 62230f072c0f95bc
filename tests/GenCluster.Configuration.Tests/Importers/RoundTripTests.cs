using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GenCluster.Configuration.Exporters;
using GenCluster.Configuration.Importers;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests.Importers;

/// <summary>What is imported, exported and imported again is the same search: space, objectives, budget, early stopping, command.</summary>
public sealed class RoundTripTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Importers", "Files");

    public static TheoryData<string> WandbFiles => [.. Names("wandb-*"), "wandb-json.json"];

    public static TheoryData<string> KatibFiles => [.. Names("katib-*")];

    [Theory]
    [MemberData(nameof(WandbFiles))]
    public void A_file_of_wandb_comes_back(string name) => ComesBack(SweepFormat.Wandb, Read(name));

    [Theory]
    [MemberData(nameof(KatibFiles))]
    public void A_file_of_katib_comes_back(string name) => ComesBack(SweepFormat.Katib, Read(name));

    [Property(MaxTest = 300)]
    public Property Any_sweep_that_wandb_can_say_comes_back() =>
        Prop.ForAll(AnySweeps.Of(AnySweeps.WandbDistributions, AnySweeps.WandbStopping, MetricsSource.Wandb).ToArbitrary(), spec => ComesBack(SweepFormat.Wandb, spec));

    [Property(MaxTest = 300)]
    public Property Any_sweep_that_katib_can_say_comes_back() =>
        Prop.ForAll(AnySweeps.Of(AnySweeps.KatibDistributions, AnySweeps.KatibStopping, MetricsSource.Output).ToArbitrary(), spec => ComesBack(SweepFormat.Katib, spec));

    [Fact]
    public void What_another_tool_cannot_say_is_a_fault_or_a_note()
    {
        var spec = Read("nni.yaml") with { Parameters = new ParameterSpace([new Parameter("x", new Normal(0, 1, -1, 3)), new Parameter("y", new Beta(1, 2), Predicate.Is("x", ParameterValue.Of(1.0)))]) };

        var wandb = SweepExport.To(SweepFormat.Wandb, spec);
        wandb.Text.ShouldBeNull();
        wandb.Faults.ShouldBe(["parameters.x: W&B has nothing like 'normal 0 ± 1 within -1 to 3'; change it to a distribution of W&B"]);
        wandb.Notes.ShouldContain("parameters.y: W&B has no conditions, so all trials have it (when: x == 1)");

        SweepExport.To(SweepFormat.Katib, spec).Faults.Count.ShouldBe(2);
    }

    [Fact]
    public void A_model_of_ours_is_no_program_of_another_tool()
    {
        var spec = Texts.Spec(Texts.Smallest);

        SweepExport.To(SweepFormat.Katib, spec).Faults.ShouldHaveSingleItem().ShouldStartWith("trainable: Katib runs programs, and this sweep trains a model of GenCluster (vae)");
    }

    private static void ComesBack(SweepFormat format, SweepSpec spec)
    {
        var export = SweepExport.To(format, spec);
        export.Faults.ShouldBeEmpty();
        var again = SweepFile.Import("again.yaml", Encoding.UTF8.GetBytes(export.Text!));

        string said = $"{export.Text}\n{string.Concat(again.Diagnostics.Select(d => $"{d}\n"))}";
        again.Spec.ShouldNotBeNull(said);
        Told.Of(again.Spec with { Training = spec.Training }).ShouldBe(Told.Of(spec), said);
        again.Spec.Parameters.ShouldBe(spec.Parameters, said);
        again.Spec.Objective.ShouldBe(spec.Objective, said);
        again.Spec.Comparison.ShouldBe(spec.Comparison, said);
        again.Spec.EarlyStopping.ShouldBe(spec.EarlyStopping, said);
        again.Spec.Budget.ShouldBe(spec.Budget, said);
        again.Spec.Search.ShouldBe(spec.Search, said);
        again.Spec.Trainable.ShouldBe(spec.Trainable, said);
        again.Spec.Name.ShouldBe(spec.Name, said);
    }

    private static SweepSpec Read(string name)
    {
        var result = SweepFile.Import(name, File.ReadAllBytes(Path.Combine(Folder, name)));
        return result.Spec.ShouldNotBeNull(string.Concat(result.Diagnostics.Select(d => $"{d}\n")));
    }

    private static IEnumerable<string> Names(string pattern) => Directory.GetFiles(Folder, pattern).Select(f => Path.GetFileName(f))
        .Where(f => f.EndsWith(".yaml", StringComparison.Ordinal) && SweepFile.Import(f, File.ReadAllBytes(Path.Combine(Folder, f))).Spec is not null).Order(StringComparer.Ordinal);
}
