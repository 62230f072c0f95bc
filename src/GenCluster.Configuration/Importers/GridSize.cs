using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers;

/// <summary>How many configurations a grid has.</summary>
internal static class GridSize
{
    /// <summary>At most <see cref="SweepDraft.Endless"/>; null when a parameter has no end of values.</summary>
    public static long? Of(IEnumerable<Parameter> parameters)
    {
        decimal size = 1;
        foreach (var parameter in parameters)
        {
            if (parameter.Distribution.Count is not { } count)
                return null;
            size = Math.Min(size * count, SweepDraft.Endless);
        }

        return (long)size;
    }
}
