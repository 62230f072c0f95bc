namespace GenCluster.Certificates;

/// <summary>A node's own certificate, key or authorities cannot be used; the message says which file, why, and what to do.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : IOException(message, inner);
