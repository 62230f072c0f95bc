using GenCluster.Configuration.Yaml;

namespace GenCluster.Configuration.Importers;

/// <summary>
/// Reads the files of one tool. It never throws for what a file holds: what it cannot carry over it says, with the line and
/// the reason, and what is wrong is an error.
/// </summary>
internal interface ISweepImporter
{
    /// <summary>What people call such a file, e.g. <c>a W&amp;B sweep</c>.</summary>
    string Kind { get; }

    /// <summary>Whether a file has the shape of the tool's; it may still be wrong.</summary>
    bool Recognises(MapNode root);

    /// <summary>Reads the file into the draft.</summary>
    void Read(ForeignMap root, SweepDraft draft);
}
