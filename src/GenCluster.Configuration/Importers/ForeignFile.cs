using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Exporters;
using GenCluster.Configuration.Importers.AzureMl;
using GenCluster.Configuration.Importers.Determined;
using GenCluster.Configuration.Importers.Hydra;
using GenCluster.Configuration.Importers.Katib;
using GenCluster.Configuration.Importers.Ludwig;
using GenCluster.Configuration.Importers.Nni;
using GenCluster.Configuration.Importers.Polyaxon;
using GenCluster.Configuration.Importers.RayTune;
using GenCluster.Configuration.Importers.Wandb;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers;

/// <summary>Recognises files of other tools by their shape, and reads them.</summary>
internal static class ForeignFile
{
    private static readonly ISweepImporter[] Importers =
    [
        new KatibImporter(),
        new AzureMlImporter(),
        new PolyaxonImporter(),
        new LudwigImporter(),
        new HydraImporter(),
        new DeterminedImporter(),
        new NniImporter(),
        new RayTuneImporter(),
        new WandbImporter(),
        new EmbeddedSweeps(),
    ];

    /// <summary>What came of the file; null when it has the shape of no other tool's.</summary>
    /// <param name="toRun">Whether it is to be run, so that a program is needed.</param>
    public static SweepFileResult? Read(string fileName, string text, bool toRun)
    {
        var diagnostics = new DiagnosticList(fileName);
        if (NodeReader.Read(text, diagnostics, foreign: true) is not MapNode root || Array.Find(Importers, i => i.Recognises(root)) is not { } importer)
            return null;
        var draft = new SweepDraft(diagnostics) { NeedsProgram = toRun, IsJson = text.AsSpan().TrimStart() is ['{', ..] };
        importer.Read(new ForeignMap(root, "", draft), draft);
        draft.DropEndlessRule(root.Place);
        var spec = diagnostics.HasErrors ? null : SpecOfDraft.Make(draft, fileName);

        // What is run has passed all checks of a file of ours.
        foreach (string fault in toRun && spec is not null ? SweepWriter.Write(spec).Faults : [])
            draft.Refuse(Place.Start, fault);
        spec = diagnostics.HasErrors ? null : spec;
        return new SweepFileResult(spec, diagnostics.Sorted()) { ForeignKind = importer.Kind };
    }
}
