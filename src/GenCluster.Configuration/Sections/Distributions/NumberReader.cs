using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using static GenCluster.Configuration.Sections.Distributions.DistributionKeys;

namespace GenCluster.Configuration.Sections.Distributions;

/// <summary>Reads a distribution of numbers. Bounds lie within what the hyperparameter may be, and where none is given its own count.</summary>
internal sealed class NumberReader(Hyperparameter hyperparameter, Section section, DiagnosticList diagnostics)
{
    private bool GivesIntegers => hyperparameter.Default.Kind is ParameterKind.Integer;

    public Distribution? Read(DistributionForm form)
    {
        var distribution = form.Name switch
        {
            "int_uniform" or "int_log_uniform" => ReadIntegers(form),
            "uniform" => Stepped(ReadUniform(hyperparameter)),
            "log_uniform_values" or "inv_log_uniform_values" => Stepped(ReadLogUniform()),
            "q_uniform" => Multiples(ReadUniform(AsReal)),
            "q_log_uniform_values" => Multiples(ReadLogUniform()),
            "normal" => ReadNormal(),
            "q_normal" => Multiples(ReadNormal()),
            "log_normal" => ReadLogNormal(),
            "q_log_normal" => Multiples(ReadLogNormal()),
            "beta" => ReadBeta(),
            _ => Multiples(ReadBeta()),
        };
        if (distribution?.Fault is not { } fault)
            return distribution;
        diagnostics.Error(DiagnosticCodes.NothingToDraw, section.Place, $"{section.Path}: {fault}; nothing can be drawn, change the numbers");
        return null;
    }

    // Bounds of what is rounded need not be multiples, nor integers.
    private Hyperparameter AsReal => hyperparameter with { Default = ParameterValue.Of(0.0) };

    private Distribution? ReadIntegers(DistributionForm form)
    {
        if (Range(hyperparameter) is not var (min, max))
            return null;
        if (form.Name is "int_log_uniform")
            return min.Integer >= 1 ? new IntLogUniform(min.Integer, max.Integer) : NoLogarithm("int_uniform");
        return section.Has(Step) ? Stepped(new Uniform(min.Integer, max.Integer)) : new IntUniform(min.Integer, max.Integer);
    }

    private Uniform? ReadUniform(Hyperparameter type) => Range(type) is var (min, max) ? new Uniform(min.AsNumber(), max.AsNumber()) : null;

    private LogUniform? ReadLogUniform()
    {
        if (Range(AsReal) is not var (min, max))
            return null;
        if (min.Number > 0)
            return new LogUniform(min.Number, max.Number);
        NoLogarithm("uniform");
        return null;
    }

    private Normal? ReadNormal() => Bounds(hyperparameter.Min, hyperparameter.Max) is var (min, max)
        ? new Normal(section.Number(Mu) ?? 0, section.Number(Sigma) ?? 1, min, max)
        : null;

    private LogNormal? ReadLogNormal()
    {
        if (Bounds(hyperparameter.Min > 0 ? hyperparameter.Min : null, hyperparameter.Max) is not var (min, max))
            return null;
        if (!(min <= 0))
            return new LogNormal(section.Number(Mu) ?? 0, section.Number(Sigma) ?? 1, min, max);
        NoLogarithm("normal");
        return null;
    }

    private Beta? ReadBeta()
    {
        if (AsReal.Allows(ParameterValue.Of(0.0)) && AsReal.Allows(ParameterValue.Of(1.0)))
            return new Beta(section.Number(A) ?? 1, section.Number(B) ?? 1);
        diagnostics.Error(DiagnosticCodes.DistributionType, section.Place,
            $"{section.Path}: a beta distribution gives numbers from 0 to 1, but {hyperparameter.Path} is {hyperparameter.DescribeAllowed()}; write another distribution");
        return null;
    }

    private Distribution? Stepped(Continuous? inner)
    {
        if (inner is null || !section.Has(Step))
            return inner;
        double step = section.Number(Step) ?? 0;
        if (step == 0)
            return null; // not known
        double width = inner.Greatest - inner.Least;
        if (step <= width)
            return inner is Uniform ? Quantized.Evenly(inner.Least, inner.Greatest, step, GivesIntegers) : new Quantized(inner, step, GivesIntegers, inner.Least);
        section.Error(DiagnosticCodes.ImpossibleRange, Step, $"got {ParameterValue.Of(step)}, but from min to max it is only {ParameterValue.Of(width)}; write a smaller step");
        return null;
    }

    private Quantized? Multiples(Continuous? inner) => inner is not null && section.Number(Q) is { } q and > 0 ? new Quantized(inner, q, GivesIntegers) : null;

    private (ParameterValue Min, ParameterValue Max)? Range(Hyperparameter type)
    {
        if ((One(type, Min), One(type, Max)) is not ({ } min, { } max)) // both, so that two mistakes are two reports
            return null;
        if (min.AsNumber() < max.AsNumber())
            return (min, max);
        section.Error(DiagnosticCodes.ImpossibleRange, Min, min == max
            ? $"got {min}, and max is the same; write {{value: {min}}} for one value, or raise max"
            : $"got {min}, which is above max ({max}); swap the two");
        return null;
    }

    /// <summary>Bounds that may be left out.</summary>
    private (double? Min, double? Max)? Bounds(double? least, double? greatest)
    {
        if (section.Has(Min) && section.Has(Max))
            return Range(AsReal) is var (low, high) ? (low.Number, high.Number) : null;
        if (section.Has(Min))
            return One(AsReal, Min) is { } min ? (min.AsNumber(), greatest) : null;
        if (section.Has(Max))
            return One(AsReal, Max) is { } max ? (least, max.AsNumber()) : null;
        return (least, greatest);
    }

    private ParameterValue? One(Hyperparameter type, FreeKey key) => HyperparameterValue.Read(type, section.PathOf(key), section.Find(key)!, diagnostics);

    private Distribution? NoLogarithm(string instead)
    {
        section.Error(DiagnosticCodes.LogOfZero, Min,
            $"got {section.Find(Min)?.Describe()}, which has no logarithm; write a number above 0, or use distribution {instead}");
        return null;
    }
}
