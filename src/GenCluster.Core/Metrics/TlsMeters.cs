namespace GenCluster.Core.Metrics;

/// <summary>What a process tells of its TLS: call it wherever a handshake fails or a certificate is taken into use.</summary>
public sealed class TlsMeters(IMetricRecorder recorder)
{
    /// <summary>A handshake failed.</summary>
    public void Refused(TlsPlane plane, TlsRefusal reason) =>
        recorder.Series(MetricCatalogue.TlsHandshakesRefused, MetricLabel.ValueOf(plane), MetricLabel.ValueOf(reason)).Record();

    /// <summary>A certificate is in use from now on.</summary>
    public void Uses(TlsPlane plane, DateTimeOffset notAfter) =>
        recorder.Series(MetricCatalogue.CertificateNotAfter, MetricLabel.ValueOf(plane)).Record(notAfter.ToUnixTimeMilliseconds() / 1000.0);
}
