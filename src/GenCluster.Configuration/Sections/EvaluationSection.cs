using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>evaluation</c>.</summary>
internal static class EvaluationSection
{
    private static readonly IntegerKey Samples =
        new("samples", 16, 5000, "Images generated for an evaluation, compared with as many held-out ones.") { Default = 512 };
    private static readonly IntegerKey Patches =
        new("patchesPerImage", 1, 1024, "Patches taken from an image at each level of the pyramid.") { Default = 16 };
    private static readonly IntegerKey Projections =
        new("projections", 1, 4096, "Random directions that patches are projected on.") { Default = 128 };

    public static readonly SectionSchema Schema = new(Samples, Patches, Projections);

    /// <param name="dataSection">Where <paramref name="data"/> was read: to blame it when the samples are a default.</param>
    public static EvaluationSpec Read(Section section, DataSpec data, Section dataSection)
    {
        int samples = (int)section.Integer(Samples);
        if (data.HeldOut > 0 && samples > data.HeldOut)
        {
            if (section.Has(Samples))
                section.Error(DiagnosticCodes.TooFewHeldOut, Samples,
                    $"got {samples}, but data.heldOut is {data.HeldOut}; write at most {data.HeldOut}, or raise data.heldOut");
            else
                dataSection.Error(DiagnosticCodes.TooFewHeldOut, DataSection.HeldOut,
                    $"got {data.HeldOut}, but evaluation.samples is {samples} by default; write at least {samples}, or give evaluation.samples");
        }

        return new EvaluationSpec(samples, (int)section.Integer(Patches), (int)section.Integer(Projections));
    }
}
