namespace GenCluster.Certificates;

/// <summary>
/// A node's identity as it is in the files now. They are looked at whenever a connection begins; what is in force stays in
/// force while new files cannot be used, and connections that exist are not touched.
/// </summary>
public sealed class NodeCertificate
{
    private readonly CertificateFiles files;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private volatile Credentials current;
    private volatile string stamp;

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">They cannot be used.</exception>
    public NodeCertificate(CertificateFiles files, TimeProvider time)
    {
        this.files = files;
        this.time = time;
        stamp = files.Stamp();
        current = Credentials.Read(files, time.GetUtcNow());
    }

    /// <summary>Called with a sentence when new files cannot be used, once for each change of them, and when they are in force.</summary>
    public event Action<NodeCertificateChange>? Changed;

    /// <summary>Until when the certificate in force is valid.</summary>
    public DateTimeOffset Expires => new(Current.Own.NotAfter.ToUniversalTime());

    /// <summary>How long that is, in days; below zero when it has expired.</summary>
    public double DaysLeft => (Expires - time.GetUtcNow()).TotalDays;

    /// <summary>How often files were taken into force since the start, the first time not counted.</summary>
    public int Reloads { get; private set; }

    internal DateTimeOffset Now => time.GetUtcNow();

    internal Credentials Current
    {
        get
        {
            if (files.Stamp() != stamp)
                Reload();
            return current;
        }
    }

    private void Reload()
    {
        NodeCertificateChange change;
        lock (gate)
        {
            string seen = files.Stamp();
            if (seen == stamp)
                return;
            stamp = seen;
            change = TryRead();
        }

        Changed?.Invoke(change);
    }

    private NodeCertificateChange TryRead()
    {
        try
        {
            current = Credentials.Read(files, time.GetUtcNow());
            Reloads++;
            return new NodeCertificateChange(null, $"the certificate in {files.Certificate} was renewed, and is valid until {current.Own.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }
        catch (CertificateException e)
        {
            return new NodeCertificateChange(e, $"the new certificate cannot be used, and the one before stays in force: {e.Message}");
        }
    }
}

/// <summary>What came of a change of the files.</summary>
/// <param name="Fault">Why they are not in force; null if they are.</param>
/// <param name="Message">The same for the log.</param>
public sealed record NodeCertificateChange(CertificateException? Fault, string Message);
