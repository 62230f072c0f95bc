using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Workers;

namespace GenCluster.Cli.Tests.Workers;

public sealed class WorkerLocatorTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gencluster-locator-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("published", "published/gencluster-worker")]
    [InlineData("published", "published/worker/gencluster-worker")]
    [InlineData("artifacts/bin/GenCluster.Cli/release", "artifacts/bin/GenCluster.Worker/release/gencluster-worker")]
    [InlineData("artifacts/bin/GenCluster.Cli/debug/", "artifacts/bin/GenCluster.Worker/debug/gencluster-worker")]
    public void Finds_the_program(string here, string worker)
    {
        string path = Make(worker);

        new WorkerLocator(Path.Combine(root, here), null).Find().Executable.ShouldBe(path);
    }

    [Fact]
    public void The_variable_comes_first()
    {
        Make("here/gencluster-worker");
        string named = Make("elsewhere/my-worker");

        new WorkerLocator(Path.Combine(root, "here"), named).Find().Executable.ShouldBe(named);
    }

    [Fact]
    public void A_library_is_started_by_dotnet()
    {
        string path = Make("here/gencluster-worker.dll");

        var binary = new WorkerLocator(Path.Combine(root, "here"), null).Find();

        Path.GetFileName(binary.Executable).ShouldBe("dotnet");
        binary.Prefix.ShouldBe([path]);
    }

    [Fact]
    public void Says_where_it_looked_when_there_is_none()
    {
        var failure = Should.Throw<CliException>(() => new WorkerLocator(Path.Combine(root, "bin", "GenCluster.Cli", "release"), null).Find());

        failure.Message.Replace(root, "", StringComparison.Ordinal).ShouldBe(
            "cannot find gencluster-worker in /bin/GenCluster.Cli/release or /bin/GenCluster.Cli/release/worker or /bin/GenCluster.Worker/release; "
            + "build it with 'dotnet build -c Release src/GenCluster.Worker', or set GENCLUSTER_WORKER to its path");
    }

    [Fact]
    public void A_variable_that_points_nowhere_is_told()
    {
        var failure = Should.Throw<CliException>(() => new WorkerLocator(root, "/nowhere/worker").Find());

        failure.Message.ShouldBe("GENCLUSTER_WORKER names '/nowhere/worker', where there is no file; point it at gencluster-worker, or unset it");
    }

    private string Make(string relative)
    {
        string path = Path.Combine(root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
