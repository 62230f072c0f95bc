using FsCheck;
using FsCheck.Fluent;
using GenCluster.Configuration.Importers;
using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Tests.Importers;

/// <summary>Sweeps at random, of those that another tool's file can say.</summary>
internal static class AnySweeps
{
    private static readonly SweepSpec Basis = SweepFile.Import("basis.yaml", """
        program: train.py
        method: random
        run_cap: 10
        metric: {name: loss, goal: minimize}
        parameters: {lr: {min: 0.0, max: 1.0}}
        """u8).Spec!;

    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(i => (double)i), Gen.Choose(-100_000, 100_000).Select(i => i / 1024.0), Gen.Choose(1, 1000).Select(i => i * 1e-9), Gen.Choose(1, 1000).Select(i => i * 1e12));

    private static readonly Gen<double> Positive = Numbers.Where(n => n > 0);

    private static readonly Gen<(double Min, double Max)> Ranges = Numbers.Two().Where(t => t.Item1 != t.Item2).Select(t => (Math.Min(t.Item1, t.Item2), Math.Max(t.Item1, t.Item2)));

    private static readonly Gen<(double Min, double Max)> PositiveRanges = Positive.Two().Where(t => t.Item1 != t.Item2).Select(t => (Math.Min(t.Item1, t.Item2), Math.Max(t.Item1, t.Item2)));

    private static readonly Gen<(long Min, long Max)> IntegerRanges = Gen.Choose(-10_000, 10_000).Two().Where(t => t.Item1 != t.Item2).Select(t => ((long)Math.Min(t.Item1, t.Item2), (long)Math.Max(t.Item1, t.Item2)));

    private static readonly Gen<string> Words = Gen.Elements(
        "adam", "yes", "No", "null", "1e-4", "1.0", "0x10", "", " ", "a b", "with: colon", "- dash", "#no", "'quoted\"", "tab\tend", "line\nend", "über", "😀", "{a}", "[1]", "~", "True", "${args}", "y", "1:30", "010", "*a", "&a", "!t", "%d", "@x", "`y`", "back\\slash");

    private static readonly Gen<ParameterValue> Values = Gen.OneOf(
        Words.Select(ParameterValue.Of), Numbers.Select(ParameterValue.Of), Gen.Choose(-1000, 1000).Select(i => ParameterValue.Of((long)i)), Gen.Elements(true, false).Select(ParameterValue.Of));

    private static readonly Gen<Distribution> Reals = Gen.OneOf<Distribution>(
        Ranges.Select(r => (Distribution)new Uniform(r.Min, r.Max)),
        PositiveRanges.Select(r => (Distribution)new LogUniform(r.Min, r.Max)),
        from m in Gen.Choose(-100, 100) from d in Gen.Choose(1, 50) select (Distribution)new Normal(m / 8.0, d / 8.0),
        from m in Gen.Choose(-40, 40) from d in Gen.Choose(1, 16) select (Distribution)new LogNormal(m / 8.0, d / 8.0),
        from a in Gen.Choose(1, 50) from b in Gen.Choose(1, 50) select (Distribution)new Beta(a / 8.0, b / 8.0));

    public static Gen<Distribution> WandbDistributions { get; } = Gen.OneOf(
        Reals,
        Values.Select(v => (Distribution)new Constant(v)),
        Distinct(Values).Select(v => (Distribution)new Categorical(OneKind(v), null)),
        Distinct(Values).Select(OneKind).Where(v => v.Length is 2 or 4).Select(v => (Distribution)new Categorical(v, [.. v.Select(_ => 1.0 / v.Length)])),
        IntegerRanges.Select(r => (Distribution)new IntUniform(r.Min, r.Max)),
        from inner in Reals
        from q in Gen.Elements(0.25, 0.5, 1, 2, 7.5)
        from integers in Gen.Elements(true, false)
        select (Distribution)new Quantized(inner, q, integers && double.IsInteger(q))).Where(d => d.Fault is null);

    public static Gen<Distribution> KatibDistributions { get; } = Gen.OneOf(
        Ranges.Select(r => (Distribution)new Uniform(r.Min, r.Max)),
        PositiveRanges.Select(r => (Distribution)new LogUniform(r.Min, r.Max)),
        IntegerRanges.Select(r => (Distribution)new IntUniform(r.Min, r.Max)),
        IntegerRanges.Where(r => r.Min > 0).Select(r => (Distribution)new IntLogUniform(r.Min, r.Max)),
        Words.Select(w => (Distribution)new Constant(ParameterValue.Of(w))),
        Numbers.Select(n => (Distribution)new Constant(ParameterValue.Of(n))),
        Gen.Choose(-50, 50).Select(n => (Distribution)new Constant(ParameterValue.Of((long)n))),
        Several(Words.Select(ParameterValue.Of)), Several(Numbers.Select(ParameterValue.Of)), Several(Gen.Choose(-99, 99).Select(i => ParameterValue.Of((long)i))),
        from r in IntegerRanges from step in Gen.Choose(2, 9) where r.Max - r.Min >= step select (Distribution)Quantized.Evenly(r.Min, r.Max, step, integers: true),
        from r in IntegerRanges from step in Gen.Elements(0.25, 0.5, 1) select (Distribution)Quantized.Evenly(r.Min, r.Min + Math.Min(r.Max - r.Min, 500), step, integers: false),
        IntegerRanges.Select(r => (Distribution)new Normal(((double)r.Min + r.Max) / 2, ((double)r.Max - r.Min) / 6, r.Min, r.Max))).Where(d => d.Fault is null);

    public static Gen<EarlyStoppingSpec?> WandbStopping { get; } = Gen.OneOf(
        Gen.Constant<EarlyStoppingSpec?>(null),
        from first in Gen.Choose(1, 100)
        from eta in Gen.Elements(2.0, 3, 4, 1.5)
        from strict in Gen.Elements(true, false)
        select Asha(new OptionList().Add("rule", "wandb").Add("gracePeriod", (double)first).Add("reductionFactor", eta).Add("strict", strict)),
        from last in Gen.Choose(1, 100) from bands in Gen.Choose(1, 9) select Asha(new OptionList().Add("rule", "wandb").Add("maxSteps", (long)last).Add("bands", (long)bands).Add("reductionFactor", 3.0)));

    public static Gen<EarlyStoppingSpec?> KatibStopping { get; } = Gen.OneOf(
        Gen.Constant<EarlyStoppingSpec?>(null),
        from trials in Gen.Choose(1, 20)
        from start in Gen.Choose(1, 20)
        select (EarlyStoppingSpec?)new EarlyStoppingSpec("median", new OptionList().Add("rule", "katib").Add("minTrials", (long)trials).Add("gracePeriod", (double)start).Build(Core.Search.SearchCatalogue.FindScheduler("median"))));

    public static Gen<SweepSpec> Of(Gen<Distribution> distributions, Gen<EarlyStoppingSpec?> stopping, MetricsSource metrics) =>
        from parameters in distributions.NonEmptyListOf().Select(d => d.Take(6).Index().Select(i => new Parameter(i.Index == 0 ? "model.lr" : $"p-{i.Index}", i.Item)).ToArray())
        from goal in Gen.Elements(Goal.Minimize, Goal.Maximize)
        from target in Gen.OneOf(Gen.Constant<double?>(null), Numbers.Select(n => (double?)n))
        from metric in Gen.Elements("loss", "val/loss", "test mAP", "yes", "1e5")
        from trials in Gen.Choose(1, 2000)
        from algorithm in Gen.Elements("random", "gp")
        from stop in stopping
        from arguments in Words.Where(w => !w.Contains('$', StringComparison.Ordinal) && w.Trim().Length > 0).ListOf()
        select Basis with
        {
            Parameters = new ParameterSpace(parameters),
            Objective = new ObjectiveSpec(metric, goal, target),
            Search = new SearchSpec(algorithm, trials, 1),
            Budget = new BudgetSpec(trials),
            EarlyStopping = stop,
            Trainable = new TrainableSpec(CommandSpec.Model, Assignment.Empty, metrics is MetricsSource.Wandb
                ? new CommandSpec(["python3", "${program}", .. arguments, "${args}"], "train.py", Metrics: metrics)
                : new CommandSpec(["python3", "train.py", .. arguments, .. parameters.Select(p => $"--{p.Path}=${{trialParameters.{p.Path}}}")])),
        };

    private static EarlyStoppingSpec? Asha(OptionList options) => new("asha", options.Build(Core.Search.SearchCatalogue.FindScheduler("asha")));

    private static Gen<ParameterValue[]> Distinct(Gen<ParameterValue> values) => values.NonEmptyListOf().Select(v => OneKind([.. v]).Distinct().Take(8).ToArray());

    /// <summary>Integers among real numbers are real numbers, as readers have it.</summary>
    private static ParameterValue[] OneKind(ParameterValue[] values) =>
        Array.TrueForAll(values, v => v.Kind is ParameterKind.Number or ParameterKind.Integer) && Array.Exists(values, v => v.Kind is ParameterKind.Number)
            ? [.. values.Select(v => ParameterValue.Of(v.AsNumber()))]
            : values;

    private static Gen<Distribution> Several(Gen<ParameterValue> values) => Distinct(values).Where(v => v.Length > 1).Select(v => (Distribution)new Categorical(v, null));
}
