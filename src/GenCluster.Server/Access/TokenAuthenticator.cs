using GenCluster.Configuration.Access;
using GenCluster.Core.Metrics;

namespace GenCluster.Server.Access;

/// <summary>Knows callers by the hashes of their tokens in a file.</summary>
internal sealed class TokenAuthenticator(ReloadedFile<TokenList> tokens) : IAuthenticator
{
    public Task<Identification> IdentifyAsync(string token, CancellationToken cancellation) => Task.FromResult<Identification>(
        tokens.Current.Find(token) is { } entry
            ? new Identification.Known(new Caller(entry.Name, entry.Role))
            : new Identification.Refused(AuthFailure.Unknown));

    public void Dispose()
    {
    }

    /// <exception cref="BrokenFileException">A line is wrong; all that are wrong are told.</exception>
    public static TokenList Read(string path, byte[] bytes)
    {
        var list = TokenList.Parse(path, BrokenFileException.TextOf(path, bytes));
        return list.Mistakes.Count == 0 ? list : throw new BrokenFileException(string.Join('\n', list.Mistakes));
    }
}
