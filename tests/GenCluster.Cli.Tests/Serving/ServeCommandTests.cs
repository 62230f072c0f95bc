using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Server;
using GenCluster.Server.Access;

namespace GenCluster.Cli.Tests.Serving;

public sealed class ServeCommandTests : IDisposable
{
    private const string One = "--seed akka.tcp://gencluster@10.0.0.1:4053", Two = "--seed akka.tcp://gencluster@10.0.0.2:4053";
    private const string Three = One + " " + Two + " --seed akka.tcp://gencluster@10.0.0.3:4053";

    private readonly Bench bench = new();

    private string DatabaseFile => Path.Combine(bench.Folder, "database");

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_node_of_three_knows_its_address_the_others_and_the_database()
    {
        await File.WriteAllTextAsync(DatabaseFile, "Host=db;Database=gc;Password=secret\n", TestContext.Current.CancellationToken);

        var ending = bench.RunAsync($"serve --insecure-network --bind 0.0.0.0 --public-host 10.0.0.2 {Three} --database-file {DatabaseFile}");
        bench.Signal();

        (await ending).ShouldBe(ExitCode.Done);
        var options = bench.Options!;
        (options.Bind.ToString(), options.Port, options.PublicHost, options.Seeds.Count).ShouldBe(("0.0.0.0", 4053, "10.0.0.2", 3));
        options.Journal.Name.ShouldBe("database 'gc' at db:5432");
        bench.Error.ShouldStartWith("coordinator node akka.tcp://gencluster@127.0.0.1:4053, journal in database 'gc' at db:5432\n");
        bench.Error.ShouldContain("\njoined the other coordinator nodes\n");
        bench.Error.ShouldNotContain("secret");
        bench.Node.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_alone_may_keep_its_journal_in_a_file()
    {
        var ending = bench.RunAsync($"serve --journal {bench.Folder}/gencluster.db --port 5000");
        bench.Node.End(new NodeEnd.Left());

        (await ending).ShouldBe(ExitCode.Done);
        bench.Options!.Journal.ShouldBe(new JournalDatabase.Sqlite(Path.Combine(bench.Folder, "gencluster.db")));
        bench.Options.Seeds.ShouldBeEmpty();
        (bench.Options.HasReadModel, bench.Options.Api).ShouldBe((true, null));
        bench.Error.ShouldNotContain("joined");
    }

    [Fact]
    public async Task A_node_serves_the_api_on_loopback_when_it_is_given_a_port()
    {
        bench.Node.ApiAddress = "http://127.0.0.1:8080";
        bench.Node.End(new NodeEnd.Left());

        (await bench.RunAsync("serve --journal x.db --http-port 8080")).ShouldBe(ExitCode.Done);

        var api = bench.Options!.Api.ShouldNotBeNull();
        (api.Bind.ToString(), api.Port).ShouldBe(("127.0.0.1", 8080));
        bench.Error.ShouldContain("\nAPI at http://127.0.0.1:8080\n");
    }

    [Fact]
    public async Task An_api_for_other_machines_knows_its_callers_and_says_when_tokens_can_be_read_on_the_way()
    {
        using var other = new Bench();
        bench.Node.End(new NodeEnd.Left());
        other.Node.End(new NodeEnd.Left());
        const string line = "serve --journal x.db --http-port 8080 --http-bind 0.0.0.0 --http-host gencluster.example.org --auth kubernetes --auth-file /etc/access.yaml";

        (await bench.RunAsync(line)).ShouldBe(ExitCode.Done);
        (await other.RunAsync($"{line} --http-certificate /tls.crt --http-key /tls.key")).ShouldBe(ExitCode.Done);

        var api = bench.Options!.Api.ShouldNotBeNull();
        (api.Bind.ToString(), api.Access.Mode, api.Access.RulesFile, api.Certificate).ShouldBe(("0.0.0.0", AccessMode.Kubernetes, "/etc/access.yaml", null));
        api.Hosts.ShouldBe(["gencluster.example.org"]);
        bench.Error.ShouldContain("\nthe API speaks plain HTTP: a proxy in front of it must terminate TLS, or give --http-certificate and --http-key; ");
        other.Options!.Api!.Certificate.ShouldBe(new HttpCertificateFiles("/tls.crt", "/tls.key"));
        other.Error.ShouldNotContain("plain HTTP");
    }

    [Fact]
    public async Task A_node_that_was_put_out_ends_with_3_and_one_that_never_came_in_with_4()
    {
        using var other = new Bench();
        bench.Node.End(new NodeEnd.Downed("the other nodes went on without it"));
        other.Node.End(new NodeEnd.CouldNotJoin("nobody answered"));

        (await bench.RunAsync("serve --journal x.db")).ShouldBe(3);
        (await other.RunAsync("serve --journal x.db")).ShouldBe(4);
        bench.Error.ShouldContain("gencluster: node akka.tcp://gencluster@127.0.0.1:4053 was put out: the other nodes went on without it; start it again\n");
        other.Error.ShouldContain("gencluster: node akka.tcp://gencluster@127.0.0.1:4053 could not join: nobody answered; ");
    }

    [Fact]
    public async Task A_second_signal_ends_the_process_at_once()
    {
        var leaving = new TaskCompletionSource<ICoordinatorNode>();
        using var slow = new Bench { Join = () => leaving.Task };
        var ending = slow.RunAsync("serve --journal x.db");

        slow.Signal();
        slow.Signal();

        slow.ExitedAtOnce.ShouldBe(ExitCode.Interrupted);
        leaving.SetResult(slow.Node);
        await ending;
    }

    [Theory]
    [InlineData("", "a journal is needed: --journal FILE for SQLite, or --database-file FILE (or GENCLUSTER_DATABASE) for PostgreSQL")]
    [InlineData("--journal x.db --database-file y", "--journal and --database-file do not go together: give the one for SQLite or the other for PostgreSQL")]
    [InlineData("--journal x.db --bind 10.0.0.1",
        "--bind 10.0.0.1 is reached from other machines, and without TLS whoever reaches it may give orders to this cluster; give --tls-certificate, --tls-key and --tls-ca "
        + "(gencluster certificates new makes some), or --insecure-network where the network itself is encrypted and closed to others")]
    [InlineData("--journal x.db --tls-key k", "--tls-certificate, --tls-key and --tls-ca belong together, and --tls-certificate and --tls-ca are missing; give all three for TLS, or none")]
    [InlineData("--insecure-network --bind 10.0.0.1 --journal x.db " + Three,
        "--journal is for one coordinator node, and 3 were named with --seed; several need PostgreSQL: give --database-file FILE")]
    [InlineData("--insecure-network --bind 10.0.0.1 --journal x.db " + One + " " + Two, "2 coordinator nodes have no majority when one is gone; name 1, 3 or 5 with --seed")]
    [InlineData("--journal x.db " + One,
        "this node is akka.tcp://gencluster@127.0.0.1:4053, which is not among the nodes named with --seed; every node is given the same list of all of them, itself included")]
    [InlineData("--journal x.db --seed 10.0.0.1:4053", "--seed: '10.0.0.1:4053' is not the address of a coordinator node; give one like akka.tcp://gencluster@10.0.0.1:4053")]
    [InlineData("--journal x.db --http-port 8080 --http-bind 0.0.0.0",
        "--http-bind 0.0.0.0 would let everybody who reaches it do everything: say with --auth tokens, kubernetes or oidc how callers are known, or leave --http-bind away, which serves this machine alone")]
    [InlineData("--journal x.db --auth tokens --tokens t", "there is no API without --http-port N, and other options say how to serve it")]
    [InlineData("--journal x.db --http-host a.example.org", "there is no API without --http-port N, and other options say how to serve it")]
    [InlineData("--journal x.db --http-port 8080 --auth tokens", "--auth tokens needs the file of tokens: give --tokens FILE; 'gencluster token new' makes the lines for it")]
    [InlineData("--journal x.db --http-port 8080 --tokens t", "--tokens goes with --auth tokens")]
    [InlineData("--journal x.db --http-port 8080 --auth oidc", "--auth oidc needs a file that says who has which role: give --auth-file FILE")]
    [InlineData("--journal x.db --http-port 8080 --auth-file a", "--auth-file goes with --auth tokens, kubernetes or oidc: without authentication everybody may do everything")]
    [InlineData("--journal x.db --http-port 8080 --http-key k", "--http-certificate and --http-key go together: one is the certificate, the other its key, both in PEM")]
    [InlineData("--journal x.db --bind 0.0.0.0", "others cannot reach a node by 0.0.0.0: say with --public-host by what name or address they can")]
    public async Task Settings_that_do_not_go_together_are_refused_in_one_sentence(string line, string sentence)
    {
        (await bench.RunAsync($"serve {line}")).ShouldBe(ExitCode.WrongInput);

        bench.Options.ShouldBeNull();
        bench.Error.ShouldBe($"gencluster: {sentence}\n");
    }

    [Fact]
    public async Task A_database_file_that_says_nothing_is_refused_without_showing_what_it_says()
    {
        await File.WriteAllTextAsync(DatabaseFile, "postgres://me:secret@db/gc", TestContext.Current.CancellationToken);

        (await bench.RunAsync($"serve --database-file {DatabaseFile}")).ShouldBe(ExitCode.Failed);
        (await bench.RunAsync($"migrate --database-file {bench.Folder}/none")).ShouldBe(ExitCode.Failed);
        (await bench.RunAsync("migrate")).ShouldBe(ExitCode.WrongInput);

        bench.Error.ShouldNotContain("secret");
        bench.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
    }
}
