using GenCluster.Certificates;
using GenCluster.Core.Metrics;

namespace GenCluster.Actors.Metering;

/// <summary>What TLS between nodes counts by itself, for those who watch the cluster.</summary>
public static class TransportMeters
{
    /// <summary>Serves the connections that were refused, and until when the node's own certificate is valid.</summary>
    /// <param name="security">Null: there is no TLS, and nothing to serve.</param>
    public static void Watch(this IMetricRecorder recorder, TlsPlane plane, TransportSecurity? security)
    {
        if (security is null)
            return;
        var refused = Enum.GetValues<PeerRefusal>().GroupBy(MeaningOf)
            .Select(g => (Series: recorder.Series(MetricCatalogue.TlsHandshakesRefused, MetricLabel.ValueOf(plane), MetricLabel.ValueOf(g.Key)), Reasons: g.ToArray()))
            .ToArray();
        var meters = new TlsMeters(recorder);
        recorder.BeforeReading(() =>
        {
            foreach (var (series, reasons) in refused)
                series.RaiseTo(reasons.Sum(security.Refused));
            meters.Uses(plane, security.Certificate.Expires);
        });
    }

    private static TlsRefusal MeaningOf(PeerRefusal refusal) => refusal switch
    {
        PeerRefusal.NoCertificate => TlsRefusal.NoCertificate,
        PeerRefusal.UnknownAuthority => TlsRefusal.Untrusted,
        PeerRefusal.OutOfDate => TlsRefusal.Expired,
        PeerRefusal.WrongUse => TlsRefusal.OtherName,
        PeerRefusal.NotTls => TlsRefusal.Protocol,
        _ => TlsRefusal.Other,
    };
}
