namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>Comma-separated values without quotes.</summary>
internal static class Table
{
    /// <summary>Rows of cells, the header first.</summary>
    public static string[][] Read(string text) => [.. text.TrimEnd('\n').Split('\n').Select(row => row.Split(','))];
}
