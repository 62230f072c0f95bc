namespace GenCluster.Cli.Tests.Support;

/// <summary>
/// Texts that people read are compared with files, so that a change of them shows in a diff. To accept new ones, set
/// UPDATE_EXPECTATIONS to the folder of the files and run the tests.
/// </summary>
internal static class Expectation
{
    public static void ShouldMatch(this string actual, string name)
    {
        string text = string.Join('\n', actual.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()));
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTATIONS") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".txt"), text);
            return;
        }

        string path = Path.Combine(AppContext.BaseDirectory, "Expectations", name + ".txt");
        text.ShouldBe(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "");
    }
}
