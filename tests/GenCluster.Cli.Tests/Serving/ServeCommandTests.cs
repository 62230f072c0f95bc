using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Server;

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

        var ending = bench.RunAsync($"serve --bind 0.0.0.0 --public-host 10.0.0.2 {Three} --database-file {DatabaseFile}");
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
    [InlineData("--bind 10.0.0.1 --journal x.db " + Three,
        "--journal is for one coordinator node, and 3 were named with --seed; several need PostgreSQL: give --database-file FILE")]
    [InlineData("--bind 10.0.0.1 --journal x.db " + One + " " + Two, "2 coordinator nodes have no majority when one is gone; name 1, 3 or 5 with --seed")]
    [InlineData("--journal x.db " + One,
        "this node is akka.tcp://gencluster@127.0.0.1:4053, which is not among the nodes named with --seed; every node is given the same list of all of them, itself included")]
    [InlineData("--journal x.db --seed 10.0.0.1:4053", "--seed: '10.0.0.1:4053' is not the address of a coordinator node; give one like akka.tcp://gencluster@10.0.0.1:4053")]
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
