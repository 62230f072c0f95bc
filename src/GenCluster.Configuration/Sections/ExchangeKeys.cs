using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The keys of <c>training</c> that say how and when members of a gang exchange what they have learnt.</summary>
internal static class ExchangeKeys
{
    private const string None = "none", TopK = "top-k";
    private const string EveryUpdate = "every-update", LocalSgd = "local-sgd", DilocoName = "diloco";
    private const int DefaultLocalSteps = 16;

    private static readonly TextKey CompressionKey = new("compression", "How gradients are encoded in the sum; none is exact.")
    {
        Choices = [None, "bf16", "int8", TopK],
        Default = None,
    };

    private static readonly NumberKey Ratio = new("compressionRatio", 1e-3, 0.5, "The part of the gradients that top-k keeps.") { Default = 0.01 };

    private static readonly TextKey Mode =
        new("mode", "Whether members sum gradients for every update, or train alone and average what they have changed.")
        {
            Choices = [EveryUpdate, LocalSgd, DilocoName],
            Default = EveryUpdate,
        };

    private static readonly IntegerKey LocalSteps =
        new("localSteps", 2, 1_000_000, "Steps that members train alone between two averages.") { Default = DefaultLocalSteps };
    private static readonly NumberKey LearningRate =
        new("learningRate", 1e-3, 10, "How much of the averaged change is applied.") { Default = 0.7 };
    private static readonly NumberKey Momentum = new("momentum", 0, 0.9999, "Nesterov momentum of the averaged change.") { Default = 0.9 };
    private static readonly MapKey Outer = new("outer", "The optimizer of the averaged changes; diloco only.", new SectionSchema(LearningRate, Momentum));

    private static readonly MapKey Synchronization =
        new("synchronization", "When members agree on weights; a mode, or a map with its details.", new SectionSchema(Mode, LocalSteps, Outer));

    /// <summary>The mode alone, without a map around it.</summary>
    private static readonly TextKey Shorthand = Mode with { Name = Synchronization.Name };

    private static readonly TextKey OverlapKey =
        new("overlap", "Whether gradients travel during the backward pass; auto does so on a GPU.") { Choices = ["auto", "on", "off"], Default = "auto" };

    public static IReadOnlyList<Key> All { get; } = [CompressionKey, Ratio, Synchronization with { Or = Shorthand }, OverlapKey];

    public static (CompressionSpec? Compression, DilocoSpec? Diloco, Overlap Overlap) Read(Section section, int steps)
    {
        var compression = ReadCompression(section);
        var diloco = ReadSynchronization(section, steps);
        var overlap = section.Text(OverlapKey) switch { "on" => Overlap.On, "off" => Overlap.Off, _ => Overlap.Auto };
        if (diloco is not null && compression is not null)
        {
            section.Error(DiagnosticCodes.NothingToEncode, CompressionKey,
                $"got {section.Text(CompressionKey)}, but members that train alone sum no gradients; remove it, or synchronization");
        }

        if (diloco is not null && overlap is Overlap.On)
        {
            section.Error(DiagnosticCodes.NothingToOverlap, OverlapKey,
                "got on, but members that train alone send nothing during the backward pass; remove it, or synchronization");
        }

        return (compression, diloco, overlap);
    }

    private static CompressionSpec? ReadCompression(Section section)
    {
        string? code = section.Text(CompressionKey);
        double ratio = section.Number(Ratio) ?? 0;
        if (section.Has(Ratio) && code is not (null or TopK))
        {
            section.Error(DiagnosticCodes.RatioWithoutTopK, Ratio,
                $"does not go with compression {code}, only {TopK} has a ratio; remove it, or write compression: {TopK}");
        }

        return code switch
        {
            "bf16" => new CompressionSpec(Compression.Bf16),
            "int8" => new CompressionSpec(Compression.Int8),
            TopK => new CompressionSpec(Compression.TopK, ratio),
            _ => null,
        };
    }

    private static DilocoSpec? ReadSynchronization(Section section, int steps)
    {
        if (section.Find(Synchronization) is ScalarNode { IsNull: false })
            return section.Text(Shorthand) is { } alone and not EveryUpdate ? Check(section, Synchronization, WithDefaults(alone), steps) : null;

        var details = section.Child(Synchronization);
        string? mode = details.Text(Mode);
        var outer = details.Child(Outer);
        int localSteps = (int)details.Integer(LocalSteps);
        var (rate, momentum) = (outer.Number(LearningRate) ?? 0, outer.Number(Momentum) ?? 0);
        if (mode is EveryUpdate)
            Refuse(details, LocalSteps, "members then never train alone");
        if (mode is EveryUpdate or LocalSgd)
            Refuse(details, Outer, mode is EveryUpdate ? "there is no second optimizer" : "changes are averaged and applied as they are");
        return mode switch
        {
            LocalSgd => Check(details, LocalSteps, new DilocoSpec(localSteps, 1, 0), steps),
            DilocoName => Check(details, LocalSteps, new DilocoSpec(localSteps, rate, momentum), steps),
            _ => null,
        };
    }

    private static DilocoSpec WithDefaults(string mode) => mode is LocalSgd
        ? new DilocoSpec(DefaultLocalSteps, 1, 0)
        : new DilocoSpec(DefaultLocalSteps, LearningRate.Default!.Value, Momentum.Default!.Value);

    private static void Refuse(Section details, Key key, string why)
    {
        if (details.Has(key))
            details.Error(DiagnosticCodes.SynchronizationKeys, key, $"does not go with mode {details.Text(Mode)}: {why}; remove it");
    }

    private static DilocoSpec Check(Section section, Key blamed, DilocoSpec spec, int steps)
    {
        if (steps > 0 && spec.LocalSteps > steps)
        {
            section.Error(DiagnosticCodes.NeverHappens, blamed,
                $"members would train alone for {spec.LocalSteps} steps, but a trial has only {steps}; write localSteps of at most {steps}");
        }

        return spec;
    }
}
