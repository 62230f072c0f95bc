using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using static GenCluster.Configuration.Sections.Distributions.DistributionKeys;

namespace GenCluster.Configuration.Sections.Distributions;

/// <summary>
/// Reads the distribution of one hyperparameter. Its name may be left out: <c>value</c> means constant, <c>values</c>
/// categorical, <c>min</c> and <c>max</c> uniform over the hyperparameter's own type.
/// </summary>
internal sealed class DistributionReader
{
    private static readonly TextKey Name = new("distribution", "Which distribution; follows from the other keys when left out.")
    {
        Choices = [.. DistributionForm.All.Select(f => f.Name)],
    };

    private readonly HyperparameterEntry entry;
    private readonly Section section;
    private readonly DiagnosticList diagnostics;

    private DistributionReader(HyperparameterEntry entry, Section section, DiagnosticList diagnostics)
    {
        this.entry = entry;
        this.section = section;
        this.diagnostics = diagnostics;
    }

    public static SectionSchema Schema { get; } = new(Name, Value, Values, Probabilities, Weights, Min, Max, Step, Q, Mu, Sigma, A, B, When);

    /// <summary>The distribution, or null when it is wrong, which is then reported.</summary>
    public static Distribution? Read(HyperparameterEntry entry, string path, DiagnosticList diagnostics)
    {
        if (entry.Value is not MapNode map)
        {
            string otherwise = entry.IsFree ? "write {value: …} for one value" : "set a fixed value in trainable";
            diagnostics.Error(DiagnosticCodes.WrongType, entry.Value.Place,
                $"{path}: got {entry.Value.Describe()}; write a distribution, {Examples(entry.Hyperparameter)}, or {otherwise}");
            return null;
        }

        var section = Section.Open(Schema, path, map, map.Place, diagnostics);
        return new DistributionReader(entry, section, diagnostics).Read();
    }

    private Distribution? Read()
    {
        if ((section.Has(Name) ? DistributionForm.Find(section.Text(Name)) : Infer()) is not { } form)
            return null;
        if (!Takes(form) || !Fits(form))
            return null;
        if (form == DistributionForm.Constant)
            return HyperparameterValue.Read(entry, section.PathOf(Value), section.Find(Value)!, diagnostics) is { } value ? new Constant(value) : null;
        return form == DistributionForm.Categorical
            ? new ChoiceReader(entry, section, diagnostics).Read()
            : new NumberReader(entry.Hyperparameter, section, diagnostics).Read(form);
    }

    private DistributionForm? Infer()
    {
        if (section.Has(Value))
            return DistributionForm.Constant;
        if (section.Has(Values))
            return DistributionForm.Categorical;
        if (section.Has(Min) || section.Has(Max))
            return entry.Hyperparameter.Default.Kind is ParameterKind.Integer ? DistributionForm.IntUniform : DistributionForm.Uniform;
        diagnostics.Error(DiagnosticCodes.MissingKey, section.Place, $"{section.Path}: no distribution; write {Examples(entry.Hyperparameter)}");
        return null;
    }

    /// <summary>Whether the section has the keys of the distribution and no others.</summary>
    private bool Takes(DistributionForm form)
    {
        bool fits = true;
        foreach (var key in Schema.Keys.Where(k => k != Name && k != When && section.Has(k) && !form.Keys.Contains(k)))
        {
            section.Error(DiagnosticCodes.DistributionKeys, key,
                $"does not go with distribution {form.Name}, which takes {Shown.All([.. form.Keys.Select(k => k.Name)])}; remove it");
            fits = false;
        }

        foreach (var key in form.Required.Where(k => !section.Has(k)))
        {
            diagnostics.Error(DiagnosticCodes.MissingKey, section.Place,
                $"{section.PathOf(key)}: missing, but distribution {form.Name} needs it; write {key.Allowed}");
            fits = false;
        }

        return fits;
    }

    /// <summary>Whether the hyperparameter is of the type that the distribution gives.</summary>
    private bool Fits(DistributionForm form)
    {
        bool fits = (form.Gives, entry.Hyperparameter.Default.Kind) switch
        {
            (Gives.Anything, _) or (Gives.Reals, ParameterKind.Number) or (Gives.Integers, ParameterKind.Integer) => true,
            (Gives.Multiples, ParameterKind.Number or ParameterKind.Integer) => true,
            _ => false,
        };
        if (fits)
            return true;
        string gives = form.Gives switch { Gives.Integers => "integers", Gives.Reals => "real numbers", _ => "numbers" };
        diagnostics.Error(DiagnosticCodes.DistributionType, section.Has(Name) ? section.PlaceOf(Name) : section.Place,
            $"{section.Path}: distribution {form.Name} gives {gives}, but {entry.Hyperparameter.Path} is {entry.Hyperparameter.DescribeAllowed()}; "
            + $"write {Examples(entry.Hyperparameter)}");
        return false;
    }

    private static string Examples(Hyperparameter hyperparameter) =>
        hyperparameter.Default.Kind is ParameterKind.Number or ParameterKind.Integer ? "{min: …, max: …} or {values: […]}" : "{values: […]}";
}
