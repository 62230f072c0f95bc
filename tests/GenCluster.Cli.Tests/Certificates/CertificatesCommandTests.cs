using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using GenCluster.Certificates;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;

namespace GenCluster.Cli.Tests.Certificates;

public sealed class CertificatesCommandTests : IDisposable
{
    private readonly Bench bench = new();

    private string Folder => Path.Combine(bench.Folder, "tls");

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Makes_an_authority_and_a_certificate_for_each_node_that_nodes_can_use()
    {
        (await bench.RunAsync($"certificates new {Folder} --name node-1.example.org --name 10.0.0.7")).ShouldBe(ExitCode.Done);

        bench.Out.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(path => Path.GetFileName(path))
            .ShouldBe(["ca.key", "ca.crt", "node-1.example.org.key", "node-1.example.org.crt", "10.0.0.7.key", "10.0.0.7.crt"]);
        foreach (string node in (string[])["node-1.example.org", "10.0.0.7"])
            new NodeCertificate(FilesOf(node), bench.Time).DaysLeft.ShouldBe(365, 0.01);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(PathOf("10.0.0.7.crt"));
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses().ShouldHaveSingleItem().ToString().ShouldBe("10.0.0.7");
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Keys_are_for_their_owner_alone_and_so_is_the_folder()
    {
        await bench.RunAsync($"certificates new {Folder}");

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.GetUnixFileMode(PathOf("ca.key")).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(PathOf("localhost.key")).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(Folder).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Says_how_they_are_used_and_what_is_for_production()
    {
        await bench.RunAsync($"certificates new {Folder}");

        bench.Error.ShouldContain("nodes: --tls-certificate /tmp/tls/localhost.crt --tls-key /tmp/tls/localhost.key --tls-ca /tmp/tls/ca.crt\n");
        bench.Error.ShouldContain("cert-manager");
        bench.Error.ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task Another_node_later_has_the_same_authority()
    {
        await bench.RunAsync($"certificates new {Folder} --name one");
        string authority = await File.ReadAllTextAsync(PathOf("ca.crt"), TestContext.Current.CancellationToken);

        (await bench.RunAsync($"certificates new {Folder} --name two")).ShouldBe(ExitCode.Done);

        (await File.ReadAllTextAsync(PathOf("ca.crt"), TestContext.Current.CancellationToken)).ShouldBe(authority);
        new NodeCertificate(FilesOf("two"), bench.Time).DaysLeft.ShouldBeGreaterThan(364);
    }

    [Theory]
    [InlineData("--name ../escape", "--name: '../escape' is not the name or address of a host; give one like node-1.example.org or 10.0.0.1")]
    [InlineData("--name ca", "--name: 'ca' is not the name or address of a host; give one like node-1.example.org or 10.0.0.1")]
    public async Task Names_that_are_no_hosts_are_refused_before_anything_is_written(string option, string sentence)
    {
        (await bench.RunAsync($"certificates new {Folder} {option}")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldBe($"gencluster: {sentence}\n");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_certificate_that_is_there_is_left_alone()
    {
        await bench.RunAsync($"certificates new {Folder} --name one");
        string before = await File.ReadAllTextAsync(PathOf("one.crt"), TestContext.Current.CancellationToken);

        (await bench.RunAsync($"certificates new {Folder} --name one")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldEndWith("gencluster: /tmp/tls/one.crt is there already; move it away to make another one\n");
        (await File.ReadAllTextAsync(PathOf("one.crt"), TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task Half_an_authority_is_no_authority()
    {
        await bench.RunAsync($"certificates new {Folder} --name one");
        File.Delete(PathOf("ca.key"));

        (await bench.RunAsync($"certificates new {Folder} --name two")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldContain("ca.key belong together, and one of them is missing");
    }

    private string PathOf(string file) => Path.Combine(Folder, file);

    private CertificateFiles FilesOf(string node) => new(PathOf(node + ".crt"), PathOf(node + ".key"), PathOf("ca.crt"));
}
