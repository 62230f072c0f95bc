namespace GenCluster.Architecture.Tests;

/// <summary>The arrows of the house point one way, and each project takes from outside only what it is for.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Core"] = [],
        ["Certificates"] = [],
        ["Collectives"] = ["Certificates"],
        ["Configuration"] = ["Core"],
        ["Search"] = ["Core"],
        ["Checkpoints"] = ["Core"],
        ["Training"] = ["Checkpoints", "Collectives", "Core"],
        ["Actors"] = ["Certificates", "Search", "Core"],
        ["Monitoring"] = ["Core"],
        ["Server"] = ["Actors", "Configuration", "Monitoring"],
        ["Worker"] = ["Actors", "Training", "Monitoring"],
        ["Cli"] = ["Checkpoints", "Server", "Configuration"],
    };

    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Core"] = ["MessagePack.Annotations"],
        ["Certificates"] = [],
        ["Collectives"] = ["MessagePack"],
        ["Configuration"] = ["YamlDotNet"],
        ["Search"] = [],
        ["Checkpoints"] = ["AWSSDK.S3"],
        ["Training"] = ["TorchSharp", "StbImageWriteSharp"],
        ["Actors"] = ["Akka.Cluster.Hosting", "Akka.Persistence.Hosting", "Akka.Persistence.Sql", "Microsoft.Data.Sqlite", "Npgsql", "MessagePack"],
        ["Monitoring"] = ["prometheus-net"],
        ["Server"] = ["Microsoft.AspNetCore.OpenApi", "Microsoft.IdentityModel.Protocols.OpenIdConnect"],
        ["Worker"] = ["libtorch-cpu-linux-x64", "TorchSharp-cuda-linux", "Microsoft.Extensions.Hosting", "System.CommandLine"],
        ["Cli"] = ["System.CommandLine", "Spectre.Console"],
    };

    public static TheoryData<string> Projects => [.. Repository.Sources.Select(project => ShortName(project.Name))];

    [Fact]
    public void Knows_every_project() => Repository.Sources.Select(project => ShortName(project.Name)).ShouldBe(Arrows.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Refers_only_along_the_arrows(string project) =>
        Of(project).References.Select(ShortName).Except(Arrows[project]).ShouldBeEmpty($"{project} may use {List(Arrows[project])}");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Takes_only_the_packages_it_is_for(string project) =>
        Of(project).Packages.Except(Packages[project]).ShouldBeEmpty($"{project} may use {List(Packages[project])}");

    [Theory]
    [InlineData("Core")]
    [InlineData("Configuration")]
    [InlineData("Search")]
    [InlineData("Certificates")]
    [InlineData("Collectives")]
    [InlineData("Checkpoints")]
    [InlineData("Training")]
    public void Knows_nothing_of_actors(string project) =>
        PackagesInClosure(project).Where(package => package.StartsWith("Akka", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("Core")]
    [InlineData("Configuration")]
    [InlineData("Search")]
    [InlineData("Collectives")]
    [InlineData("Actors")]
    [InlineData("Server")]
    [InlineData("Cli")]
    public void Knows_nothing_of_torch(string project) => PackagesInClosure(project).Where(IsTorch).ShouldBeEmpty();

    [Fact]
    public void The_worker_alone_carries_libtorch() => Repository.Sources
        .Where(project => project.Packages.Any(package => IsTorch(package) && package != "TorchSharp"))
        .Select(project => ShortName(project.Name)).ShouldBe(["Worker"]);

    [Fact]
    public void The_command_builds_the_worker_and_uses_none_of_its_code()
    {
        Of("Cli").BuiltAlong.ShouldBe(["GenCluster.Worker"]);
        Repository.Sources.Where(project => project.Name != "GenCluster.Cli").SelectMany(project => project.BuiltAlong).ShouldBeEmpty();
    }

    [Fact]
    public void The_output_of_the_command_is_free_of_torch()
    {
        string output = Repository.OutputOf(Of("Cli"));

        File.ReadAllText(Path.Combine(output, "gencluster.deps.json")).ShouldNotContain("torch");
        Directory.EnumerateFileSystemEntries(output, "*torch*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static Project Of(string project) => Repository.Source("GenCluster." + project);

    private static string ShortName(string project) => project["GenCluster.".Length..];

    private static IEnumerable<string> PackagesInClosure(string project) => Of(project).Closure().SelectMany(used => used.Packages);

    private static bool IsTorch(string package) => package.Contains("torch", StringComparison.OrdinalIgnoreCase);

    private static string List(string[] names) => names is [] ? "nothing" : string.Join(", ", names);
}
