using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace GenCluster.Certificates;

/// <summary>
/// TLS with certificates at both ends, for every connection between nodes. Who has a certificate of our authorities is a member,
/// by whatever name it is reached; host names are not compared, since workers come by address. One for a process.
/// </summary>
public sealed class TransportSecurity(NodeCertificate certificate)
{
    private static readonly int Kinds = Enum.GetValues<PeerRefusal>().Length;

    private readonly long[] refused = new long[Kinds];

    /// <summary>This node's own.</summary>
    public NodeCertificate Certificate { get; } = certificate;

    /// <summary>Connections that were refused here for a reason, in either direction, since the start.</summary>
    public long Refused(PeerRefusal reason) => Interlocked.Read(ref refused[(int)reason]);

    /// <summary>Opens the files of a command line; null when there are none.</summary>
    /// <exception cref="CertificateException">They cannot be used.</exception>
    public static TransportSecurity? Open(CertificateFiles? files, TimeProvider time) =>
        files is null ? null : new TransportSecurity(new NodeCertificate(files, time));

    /// <summary>The listening end of a new connection. The stream is the caller's, also when this fails.</summary>
    /// <exception cref="PeerRefusedException">The peer is not let in. Counted, unless it left before it had said a word.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; counted as too slow.</exception>
    public Task<SslStream> AcceptAsync(Stream stream, CancellationToken cancellation)
    {
        var credentials = Certificate.Current;
        var verdict = new Verdict();
        var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        return RunAsync(tls, verdict, tls.AuthenticateAsServerAsync(Options, null, cancellation), cancellation);

        ValueTask<SslServerAuthenticationOptions> Options(SslStream sender, SslClientHelloInfo hello, object? state, CancellationToken token)
        {
            verdict.HeardHello = true;
            return new(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = credentials.Context,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
                AllowTlsResume = false, // each connection shows its certificate anew
                CertificateChainPolicy = credentials.Policy(ofClient: true, Certificate.Now),
                RemoteCertificateValidationCallback = verdict.Judge,
            });
        }
    }

    /// <summary>The dialling end of a new connection. The stream is the caller's, also when this fails.</summary>
    /// <exception cref="PeerRefusedException">The peer is not who it must be, or did not let this node in. Counted.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; counted as too slow.</exception>
    public Task<SslStream> DialAsync(Stream stream, CancellationToken cancellation)
    {
        var credentials = Certificate.Current;
        var verdict = new Verdict { HeardHello = true };
        var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "gencluster",
            ClientCertificateContext = credentials.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateChainPolicy = credentials.Policy(ofClient: false, Certificate.Now),
            RemoteCertificateValidationCallback = verdict.Judge,
        };
        return RunAsync(tls, verdict, tls.AuthenticateAsClientAsync(options, cancellation), cancellation);
    }

    private async Task<SslStream> RunAsync(SslStream tls, Verdict verdict, Task handshake, CancellationToken cancellation)
    {
        try
        {
            await handshake.ConfigureAwait(false);
            return tls;
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException || cancellation.IsCancellationRequested)
            {
                Count(PeerRefusal.TooSlow);
                throw new OperationCanceledException(e.Message, e, cancellation);
            }

            if (e is not (AuthenticationException or IOException or InvalidOperationException))
                throw;
            throw Refuse(verdict, e);
        }
    }

    private PeerRefusedException Refuse(Verdict verdict, Exception e)
    {
        if (verdict.Refusal is { } refusal)
        {
            Count(refusal);
            return new PeerRefusedException(refusal, verdict.Message, e);
        }

        if (verdict.HeardHello)
        {
            Count(PeerRefusal.Failed);
            return new PeerRefusedException(PeerRefusal.Failed, $"the TLS handshake failed: {e.Message.TrimEnd('.')}; the other side may not speak TLS, or not accept this node's certificate", e);
        }

        // Whoever only looks whether the port is open ends the connection, and is no stranger worth counting.
        if (e is AuthenticationException)
            Count(PeerRefusal.NotTls);
        return new PeerRefusedException(PeerRefusal.NotTls, "what came is not TLS; give that side --tls-certificate, --tls-key and --tls-ca", e);
    }

    private void Count(PeerRefusal reason) => Interlocked.Increment(ref refused[(int)reason]);

    /// <summary>What one handshake found.</summary>
    private sealed class Verdict
    {
        public bool HeardHello { get; set; }

        public PeerRefusal? Refusal { get; private set; }

        public string Message { get; private set; } = "";

        public bool Judge(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
        {
            if (shown is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
                return Refuse(PeerRefusal.NoCertificate, "the peer showed no certificate");
            if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
                return true; // a name that differs is no error here

            var statuses = chain?.ChainStatus ?? [];
            return Refuse(PeerRefusals.Of(statuses), $"the certificate of the peer ({shown.Subject}) is refused: {PeerRefusals.Describe(statuses)}");
        }

        private bool Refuse(PeerRefusal refusal, string message)
        {
            (Refusal, Message) = (refusal, message);
            return false;
        }
    }
}
