namespace GenCluster.Certificates;

/// <summary>Where a node's identity lies, all in PEM.</summary>
/// <param name="Certificate">The node's own certificate, followed by intermediate ones if it has any.</param>
/// <param name="Key">The private key of that certificate, not encrypted.</param>
/// <param name="Authorities">The certificates of those who may vouch for nodes. Nobody else is trusted, the system's list neither.</param>
public sealed record CertificateFiles(string Certificate, string Key, string Authorities)
{
    /// <summary>The three options of a command line: all or none.</summary>
    /// <returns>Null for none.</returns>
    /// <exception cref="CertificateException">Some are missing.</exception>
    public static CertificateFiles? Of(string? certificate, string? key, string? authorities) => (certificate, key, authorities) switch
    {
        (null, null, null) => null,
        ({ } c, { } k, { } a) => new CertificateFiles(c, k, a),
        _ => throw new CertificateException(
            $"--tls-certificate, --tls-key and --tls-ca belong together, and {string.Join(" and ", Missing(certificate, key, authorities))} "
            + $"{(Missing(certificate, key, authorities).Count() == 1 ? "is" : "are")} missing; give all three for TLS, or none"),
    };

    private static IEnumerable<string> Missing(string? certificate, string? key, string? authorities)
    {
        if (certificate is null)
            yield return "--tls-certificate";
        if (key is null)
            yield return "--tls-key";
        if (authorities is null)
            yield return "--tls-ca";
    }

    /// <summary>What a change of any file changes. A link that points elsewhere now counts, as where a volume of secrets is swapped.</summary>
    internal string Stamp() => string.Join('|', Stamp(Certificate), Stamp(Key), Stamp(Authorities));

    private static string Stamp(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {(target.Exists ? target.Length : -1)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.GetType().Name;
        }
    }
}
