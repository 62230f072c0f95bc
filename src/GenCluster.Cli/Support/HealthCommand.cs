using System.CommandLine;
using GenCluster.Cli.CommandLine;
using GenCluster.Server.Api;

namespace GenCluster.Cli.Support;

/// <summary><c>gencluster health URL</c>: a probe for what runs commands and cannot ask over HTTP, like the health check of a container image.</summary>
internal sealed class HealthCommand : Command, ITaught
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string Default = $"http://127.0.0.1:{ApiOptions.DefaultPort}/healthz";

    private readonly Argument<Uri?> at = new("URL")
    {
        Description = "What to ask: /healthz tells whether the process answers, /readyz of a coordinator whether it can serve.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => new Uri(Default),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", UserInfo: "" })
                return address;
            result.AddError($"URL is an address like {Default}, not '{result.Tokens[^1].Value}'");
            return null;
        },
    };

    public HealthCommand(CliPorts ports)
        : base("health", "Asks a process of GenCluster once whether it is well.")
    {
        Add(at);
        SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(at)!, ports, cancellation));
    }

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("gencluster health", "Whether the process of the coordinator on this machine answers."),
        new("gencluster health http://127.0.0.1:8080/readyz", "Whether it is ready: it has read the journal, and found a coordinator that rules."),
    ];

    public string ExitCodes => "0  it is well    1  it is not, or does not answer within 5 s    2  wrong input";

    private static async Task<int> RunAsync(Uri at, CliPorts ports, CancellationToken cancellation)
    {
        using var http = new HttpClient(ports.Http()) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(at, cancellation);
            string said = (await answer.Content.ReadAsStringAsync(cancellation)).Trim();
            ports.Out.WriteLine(said);
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliException(ExitCode.Failed, $"{at}: no answer ({e.GetBaseException().Message.TrimEnd('.')})");
        }
    }
}
