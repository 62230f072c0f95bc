using System.Security.Cryptography.X509Certificates;
using GenCluster.Configuration.Access;
using GenCluster.Core.Sweeps;

namespace GenCluster.Server.Access;

/// <summary>Who may call and what they may do, as the options and their files say it at this moment.</summary>
internal sealed class AccessControl : IDisposable
{
    private const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const int MaxAnswer = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ReloadedFile<AccessRules>? rules;

    private AccessControl(AccessMode mode, IAuthenticator? authenticator, ReloadedFile<AccessRules>? rules)
    {
        Mode = mode;
        Authenticator = authenticator;
        this.rules = rules;
    }

    public AccessMode Mode { get; }

    /// <summary>Null: there is no authentication.</summary>
    public IAuthenticator? Authenticator { get; }

    /// <summary>Reads the files for the first time.</summary>
    /// <param name="told">Hears of files that change or break later.</param>
    /// <exception cref="CoordinatorStartException">One is missing or broken; the message says what to do.</exception>
    public static AccessControl Open(AccessOptions options, TimeProvider time, Action<string> told)
    {
        try
        {
            var rules = options.RulesFile is { } file
                ? new ReloadedFile<AccessRules>([file], bytes => ReadRules(file, bytes[0], options.Mode), time, options.LookAgain, told)
                : null;
            _ = rules?.Current;
            return new AccessControl(options.Mode, AuthenticatorOf(options, rules, time, told), rules);
        }
        catch (BrokenFileException e)
        {
            throw new CoordinatorStartException($"the API cannot know its callers: {e.Message}", e);
        }
    }

    /// <summary>Why the caller may not have such trials; null: they may.</summary>
    public string? RefusalOf(Caller caller, SweepSpec spec) =>
        spec.Trainable.Command is not { } command || caller.Role is Role.Admin || (rules?.Current ?? AccessRules.None).Allows(command)
            ? null
            : "this program may not be a trial: the role submitter allows only what the operator has listed under 'commands' in the file of --auth-file, "
                + "with the same command, program and workingDirectory, and no other variables; ask for it to be listed, or have an admin submit the sweep";

    public void Dispose() => Authenticator?.Dispose();

    private static IAuthenticator? AuthenticatorOf(AccessOptions options, ReloadedFile<AccessRules>? rules, TimeProvider time, Action<string> told) => options.Mode switch
    {
        AccessMode.None => null,
        AccessMode.Tokens => Tokens(options, time, told),
        AccessMode.Kubernetes => Kubernetes(Needed(rules), time),
        AccessMode.Oidc => new OidcAuthenticator(Client(new SocketsHttpHandler()), () => Needed(rules).Current.Oidc!),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "not a known mode"),
    };

    private static TokenAuthenticator Tokens(AccessOptions options, TimeProvider time, Action<string> told)
    {
        string file = options.TokensFile ?? throw new BrokenFileException("a file of tokens is needed: give --tokens FILE");
        var tokens = new ReloadedFile<TokenList>([file], bytes => TokenAuthenticator.Read(file, bytes[0]), time, options.LookAgain, told);
        if (tokens.Current.Entries.IsEmpty)
            told($"{file} has no tokens, so nobody may call; 'gencluster token new' makes one");
        return new TokenAuthenticator(tokens);
    }

    private static KubernetesAuthenticator Kubernetes(ReloadedFile<AccessRules> rules, TimeProvider time)
    {
        var first = rules.Current.Kubernetes!;
        bool isOwnCluster = first.Server is null;
        string? tokenFile = first.TokenFile ?? (isOwnCluster ? $"{ServiceAccountFolder}/token" : null);
        string? caFile = first.CaFile ?? (isOwnCluster ? $"{ServiceAccountFolder}/ca.crt" : null);
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        if (caFile is not null)
            handler.SslOptions.CertificateChainPolicy = ChainTo(caFile);
        var http = Client(handler);
        http.BaseAddress = first.Server ?? OwnCluster();
        return new KubernetesAuthenticator(http, () => rules.Current.Kubernetes!, () => tokenFile is null ? null : ReadToken(tokenFile), time);
    }

    private static ReloadedFile<AccessRules> Needed(ReloadedFile<AccessRules>? rules) =>
        rules ?? throw new BrokenFileException("a file that says who has which role is needed: give --auth-file FILE");

    private static AccessRules ReadRules(string file, byte[] bytes, AccessMode mode)
    {
        var result = AccessFile.Parse(file, bytes);
        if (result.Rules is not { } rules)
            throw new BrokenFileException(string.Join('\n', result.Diagnostics));
        if (mode is AccessMode.Kubernetes && rules.Kubernetes is null)
            throw new BrokenFileException($"{file} has no section kubernetes, which --auth kubernetes needs");
        return mode is AccessMode.Oidc && rules.Oidc is null ? throw new BrokenFileException($"{file} has no section oidc, which --auth oidc needs") : rules;
    }

    private static Uri OwnCluster()
    {
        string? host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        return host is { Length: > 0 } && ushort.TryParse(port, System.Globalization.CultureInfo.InvariantCulture, out ushort number)
            ? new UriBuilder(Uri.UriSchemeHttps, host, number).Uri
            : throw new BrokenFileException("this process runs in no Kubernetes cluster (KUBERNETES_SERVICE_HOST is not set): say kubernetes.server in the file of --auth-file");
    }

    private static string ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim(); // a kubelet renews it
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokenFileException($"our own credential {file} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static X509ChainPolicy ChainTo(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
            return policy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new BrokenFileException($"the certificates in {caFile} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static HttpClient Client(SocketsHttpHandler handler) => new(handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxAnswer };
}
