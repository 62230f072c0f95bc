using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Runs;

namespace GenCluster.Cli.Tests.Runs;

public sealed class RunSettingsTests
{
    [Theory]
    [InlineData("a.yaml", null, "runs", "gencluster run a.yaml")]
    [InlineData("a.yaml", 2, "/data/runs", "gencluster run a.yaml --workers 2 --runs /data/runs")]
    [InlineData("my sweep.yaml", null, "it's here", "gencluster run 'my sweep.yaml' --runs 'it'\\''s here'")]
    public void The_line_that_resumes_can_be_pasted_into_a_shell(string file, int? workers, string runs, string line)
    {
        new RunSettings(file, workers, runs, false, OutputFormat.Text).ResumeLine.ShouldBe(line);
    }
}
