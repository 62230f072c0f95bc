using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Submission;

/// <summary>The file that a command's token is in. It is read for each request: Kubernetes and others renew it while a command runs.</summary>
internal static class TokenFile
{
    private const int MaxBytes = 16 * 1024;

    /// <exception cref="CliException">There is no token in it. What is in it is not shown.</exception>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw Wrong(path, $"it has more than {MaxBytes} bytes");
            string token = File.ReadAllText(path).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and < (char)127) ? token : throw Wrong(path, "it is to have the token and nothing else");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, e.Message.TrimEnd('.'));
        }
    }

    private static CliException Wrong(string path, string why) => new(ExitCode.WrongInput, $"no token can be read from {path}: {why}");
}
