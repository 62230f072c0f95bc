using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GenCluster.Server.Access;

/// <summary>Hears of what the web server turns away before it is a request at all: broken lines, too many headers.</summary>
internal sealed class BadRequests(AuditTrail trail) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: Event, Value: IFeatureCollection features } && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException fault)
            trail.Refused(Auditor.LineOf(features, fault));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
