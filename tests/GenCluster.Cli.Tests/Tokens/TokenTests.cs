using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Tests.Support;
using GenCluster.Configuration.Access;
using GenCluster.Server.Api;
using GenCluster.Server.ReadModel;

namespace GenCluster.Cli.Tests.Tokens;

/// <summary>Tokens: made, and sent.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly Bench bench = new();

    private string TokenFile => Path.Combine(bench.Folder, "ci.token");

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_new_token_goes_out_alone_and_its_line_is_what_the_server_reads()
    {
        (await bench.RunAsync("token new ci --role submitter")).ShouldBe(ExitCode.Done);

        string token = bench.Out.TrimEnd();
        Regex.IsMatch(token, "^gct_[A-Za-z0-9_-]{43}\\z").ShouldBeTrue(token);
        var list = TokenList.Parse("tokens", bench.Error.TrimEnd().Split('\n')[^1]);
        list.Mistakes.ShouldBeEmpty();
        list.Find(token)!.ShouldSatisfyAllConditions(e => e.Name.ShouldBe("ci"), e => e.Role.ShouldBe(Role.Submitter));
        bench.Error.ShouldNotContain(token);
    }

    [Fact]
    public async Task No_two_tokens_are_alike()
    {
        using var other = new Bench();
        await bench.RunAsync("token new ci --role viewer --output json");
        await other.RunAsync("token new ci --role viewer --output json");

        var first = JsonDocument.Parse(bench.Out).RootElement;
        first.GetProperty("token").GetString().ShouldNotBe(JsonDocument.Parse(other.Out).RootElement.GetProperty("token").GetString());
        TokenList.Parse("tokens", first.GetProperty("line").GetString()!).Find(first.GetProperty("token").GetString()!).ShouldNotBeNull();
        bench.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("token new ci", "say what 'ci' may do: --role viewer, submitter, admin")]
    [InlineData("token new a/b --role admin", "NAME is 1 to 64 letters, digits, dots, hyphens and underscores, with a letter or digit first, not 'a/b'")]
    public async Task A_token_has_a_name_and_a_role(string line, string sentence)
    {
        (await bench.RunAsync(line)).ShouldBe(ExitCode.WrongInput);

        (bench.Out, bench.Error).ShouldBe(("", $"gencluster: {sentence}\n"));
    }

    [Fact]
    public async Task Commands_send_the_token_of_a_file_that_an_option_or_the_environment_names_and_read_it_each_time()
    {
        var server = new ScriptedServer(ScriptedServer.Says(new SweepPage([], null)), ScriptedServer.Says(new Controlled("clothes", null, "pause", 7)));
        using var asking = new Bench { Http = server };
        await File.WriteAllTextAsync(TokenFile, "gct_one\n");
        asking.Environment["GENCLUSTER_TOKEN_FILE"] = TokenFile;

        (await asking.RunAsync("ls")).ShouldBe(ExitCode.Done);
        await File.WriteAllTextAsync(TokenFile, "gct_two");
        (await asking.RunAsync("pause clothes --reason lunch")).ShouldBe(ExitCode.Done);
        await File.WriteAllTextAsync(Path.Combine(asking.Folder, "other"), "gct_three");
        (await asking.RunAsync($"pause clothes --token-file {asking.Folder}/other")).ShouldBe(ExitCode.Done);

        server.Asked.ShouldBe(["GET /api/v1/sweeps as gct_one", "POST /api/v1/sweeps/clothes/pause as gct_two because lunch", "POST /api/v1/sweeps/clothes/pause as gct_three"]);
        asking.Error.ShouldNotContain("gct_");
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_caller_is_told_with_a_remedy()
    {
        using var asking = new Bench { Http = new ScriptedServer(ScriptedServer.Refuses(HttpStatusCode.Unauthorized, "say who you are")) };

        (await asking.RunAsync("ls")).ShouldBe(ExitCode.Failed);

        asking.Error.ShouldBe("gencluster: say who you are; name a file with your token with --token-file, or in GENCLUSTER_TOKEN_FILE\n");
    }

    [Fact]
    public async Task A_server_that_is_asked_too_often_is_asked_again_later()
    {
        using var asking = new Bench
        {
            Clock = new SkippingTime(),
            Http = new ScriptedServer(ScriptedServer.Refuses(HttpStatusCode.TooManyRequests, "too much"), ScriptedServer.Says(new SweepPage([], null))),
        };

        (await asking.RunAsync("ls")).ShouldBe(ExitCode.Done);

        asking.Error.ShouldBe("http://127.0.0.1:8080: too much; asking again\n");
    }

    [Theory]
    [InlineData("two words", "it is to have the token and nothing else")]
    [InlineData("", "it is to have the token and nothing else")]
    [InlineData("gct_\u00e9", "it is to have the token and nothing else")]
    public async Task A_file_that_has_no_token_is_told_without_showing_what_it_has(string content, string why)
    {
        await File.WriteAllTextAsync(TokenFile, content);
        using var asking = new Bench { Http = new ScriptedServer(ScriptedServer.Says(new SweepPage([], null))) };

        (await asking.RunAsync($"ls --token-file {TokenFile}")).ShouldBe(ExitCode.WrongInput);

        asking.Error.ShouldBe($"gencluster: no token can be read from {TokenFile}: {why}\n");
    }

    [Fact]
    public async Task A_token_that_goes_unencrypted_to_another_machine_is_warned_of()
    {
        await File.WriteAllTextAsync(TokenFile, "gct_one");
        using var asking = new Bench { Http = new ScriptedServer(ScriptedServer.Says(new SweepPage([], null))) };

        (await asking.RunAsync($"ls --token-file {TokenFile} --server http://gencluster.example.org")).ShouldBe(ExitCode.Done);
        (await asking.RunAsync($"ls --token-file {TokenFile} --server https://gencluster.example.org")).ShouldBe(ExitCode.Done);

        asking.Error.ShouldBe("the token goes to http://gencluster.example.org unencrypted; use https://, unless the network itself encrypts\n");
    }
}
