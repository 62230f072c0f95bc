using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;

namespace GenCluster.Cli.Tests.CommandLine;

public sealed class AppTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("--help", "help")]
    [InlineData("run --help", "help-run")]
    [InlineData("validate --help", "help-validate")]
    [InlineData("plan --help", "help-plan")]
    [InlineData("serve --help", "help-serve")]
    [InlineData("migrate --help", "help-migrate")]
    [InlineData("import --help", "help-import")]
    [InlineData("submit --help", "help-submit")]
    [InlineData("ls --help", "help-ls")]
    [InlineData("show --help", "help-show")]
    [InlineData("watch --help", "help-watch")]
    [InlineData("pause --help", "help-pause")]
    [InlineData("resume --help", "help-resume")]
    [InlineData("stop --help", "help-stop")]
    [InlineData("cancel --help", "help-cancel")]
    [InlineData("retry --help", "help-retry")]
    [InlineData("edit --help", "help-edit")]
    [InlineData("explain --help", "help-explain")]
    [InlineData("doctor --help", "help-doctor")]
    [InlineData("replay --help", "help-replay")]
    [InlineData("support-bundle --help", "help-support-bundle")]
    [InlineData("token --help", "help-token")]
    [InlineData("token new --help", "help-token-new")]
    [InlineData("health --help", "help-health")]
    [InlineData("certificates --help", "help-certificates")]
    [InlineData("certificates new --help", "help-certificates-new")]
    public async Task Help_teaches(string line, string expectation)
    {
        (await bench.RunAsync(line)).ShouldBe(ExitCode.Done);

        bench.Error.ShouldBeEmpty();
        bench.Out.Replace("GenCluster.Cli.Tests", "gencluster", StringComparison.Ordinal).ShouldMatch(expectation);
    }

    [Fact]
    public async Task Says_its_version()
    {
        (await bench.RunAsync("--version")).ShouldBe(ExitCode.Done);

        bench.Out.ShouldMatch("version");
    }

    [Theory]
    [InlineData("", "a command is needed: run, validate, plan, serve, migrate, schema, import, submit, ls, show, watch, pause, resume, stop, cancel, retry, edit, explain, doctor, replay, support-bundle, token, health, certificates")]
    [InlineData("rin", "unknown command 'rin'; did you mean 'run'?")]
    [InlineData("zebra", "unknown command 'zebra'")]
    [InlineData("run FILE --worker 2", "unknown option '--worker'; did you mean '--workers'?")]
    [InlineData("run --worker 2 FILE", "unknown option '--worker'; did you mean '--workers'?")]
    [InlineData("run FILE --colour", "unknown option '--colour'")]
    [InlineData("run FILE other", "unexpected argument 'other'")]
    [InlineData("run FILE --workers 0", "--workers is a whole number from 1 to 1024, not '0'")]
    [InlineData("run FILE --workers two", "--workers is a whole number from 1 to 1024, not 'two'")]
    [InlineData("run FILE --output xml", "--output is 'text' or 'json', not 'xml'")]
    [InlineData("plan FILE --first -1", "unknown option '-1'")]
    [InlineData("ls --server nowhere", "--server is an address like http://127.0.0.1:8080, not 'nowhere'")]
    [InlineData("show", "Required argument 'SWEEP' missing for command: 'show'.")]
    [InlineData("explain clothes one", "TRIAL is the number of a trial, from 1, not 'one'")]
    [InlineData("token nex", "unknown command 'nex'; did you mean 'new'?")]
    [InlineData("token new ci --role root", "--role is one of viewer, submitter, admin, not 'root'")]
    [InlineData("serve --auth password", "--auth is one of none, tokens, kubernetes, oidc, not 'password'")]
    [InlineData("serve --http-bind here", "--http-bind is an IP address like 10.0.0.1, not 'here'")]
    [InlineData("run", "Required argument 'FILE' missing for command: 'run'.")]
    public async Task A_wrong_command_line_is_told_and_ends_with_2(string line, string sentence)
    {
        (await bench.RunAsync(line)).ShouldBe(ExitCode.WrongInput);

        bench.Out.ShouldBeEmpty();
        string[] lines = bench.Error.TrimEnd().Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldBe($"gencluster: {sentence}");
        lines[1].ShouldStartWith("Try 'gencluster");
    }

    [Fact]
    public async Task An_expected_failure_of_the_file_system_is_one_sentence()
    {
        using var broken = new Bench { Start = () => throw new IOException("the disk is full") };

        (await broken.RunAsync("run FILE --runs RUNS")).ShouldBe(ExitCode.Failed);

        broken.Error.ShouldStartWith("gencluster: the disk is full\n");
        broken.Error.ShouldNotContain("   at ");
    }
}
