using System.Globalization;

namespace GenCluster.Worker.Programs;

/// <summary>The processes of this machine and their parents, as <c>/proc</c> shows them.</summary>
internal static class ProcessTree
{
    /// <summary>The living children of a process, their children, and so on.</summary>
    public static IReadOnlyList<int> Descendants(int of)
    {
        var children = All().ToLookup(process => process.Parent, process => process.Id);
        List<int> found = [.. children[of]];
        for (int i = 0; i < found.Count; i++)
            found.AddRange(children[found[i]]);
        return found;
    }

    private static IEnumerable<(int Id, int Parent)> All()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && ParentOf(folder) is { } parent)
                yield return (id, parent);
        }
    }

    /// <summary>Null for one that is dead, buried or not.</summary>
    private static int? ParentOf(string folder)
    {
        try
        {
            // "1234 (its name) S 1 ...": state, then parent; the name may hold anything
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone between two looks
        }
    }
}
