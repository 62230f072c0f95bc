using System.Security.Cryptography;
using System.Text;
using GenCluster.Configuration.Access;

namespace GenCluster.Configuration.Tests.Access;

public sealed class TokenListTests
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void A_token_is_found_by_its_hash_alone()
    {
        var list = TokenList.Parse("tokens", $"""
            # who may call

            ci submitter {HashOf("first")}
              ada   admin  {HashOf("second").ToUpperInvariant()}
            """);

        list.Mistakes.ShouldBeEmpty();
        list.Entries.Select(e => (e.Name, e.Role)).ShouldBe([("ci", Role.Submitter), ("ada", Role.Admin)]);
        list.Find("first")!.Name.ShouldBe("ci");
        list.Find("second")!.Name.ShouldBe("ada");
        list.Find("third").ShouldBeNull();
        list.Find("").ShouldBeNull();
        list.Find(HashOf("first")).ShouldBeNull();
    }

    [Fact]
    public void A_line_that_is_written_is_read_again()
    {
        var entry = new TokenEntry("ci-2.prod_x", Role.Viewer, [.. SHA256.HashData("x"u8)]);

        TokenList.Parse("tokens", TokenLine.Write(entry)).Entries.ShouldHaveSingleItem().Sha256.ShouldBe(entry.Sha256);
    }

    [Fact]
    public void Every_line_that_is_wrong_is_told_and_none_is_shown()
    {
        TokenList.Parse("tokens", $"""
            ci submitter gct_this-is-the-token-itself
            ci submitter {Zeros}
            ci admin {HashOf("other")}
            other admin {Zeros}
            ada root {HashOf("ada")}
            ../ada admin {HashOf("ada")}
            gct_only-a-token
            """).Mistakes.ShouldBe(
        [
            "tokens:1: the third word is no SHA-256; write its 64 hexadecimal digits, and never the token itself",
            "tokens:3: 'ci' has a token already; give each token a name of its own",
            "tokens:4: 'other' has the same token as another line; each needs its own",
            "tokens:5: the second word is no role; write one of viewer, submitter, admin",
            "tokens:6: the first word is no name; write 1 to 64 letters, digits, dots, hyphens and underscores, with a letter or digit first",
            "tokens:7: 1 words; write NAME ROLE SHA256, as 'gencluster token new' prints it",
        ]);
    }

    [Fact]
    public void An_empty_file_lets_nobody_in()
    {
        var list = TokenList.Parse("tokens", "");

        (list.Entries.Length, list.Mistakes.Count, list.Find("")).ShouldBe((0, 0, null));
    }

    [Fact]
    public void There_are_at_most_a_thousand() =>
        TokenList.Parse("tokens", string.Join('\n', Enumerable.Range(0, 1_001).Select(i => $"n{i} viewer {HashOf($"{i}")}")))
            .Mistakes.ShouldBe(["tokens: 1001 tokens; at most 1000 are allowed"]);

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
