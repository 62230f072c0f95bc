using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting;
using GenCluster.Certificates;

namespace GenCluster.Actors.Remoting;

/// <summary>How remoting is put under TLS. Addresses stay what they are without it.</summary>
public static class TlsRemoting
{
    private static Config Settings { get; } = ConfigurationFactory.ParseString(
        $"akka.remote.dot-netty.tcp.transport-class = \"{typeof(TlsTransport).FullName}, {typeof(TlsTransport).Assembly.GetName().Name}\"");

    /// <summary>TLS for every connection of the actor system, in both directions; null for none.</summary>
    public static AkkaConfigurationBuilder WithTls(this AkkaConfigurationBuilder builder, TransportSecurity? security) => security is null
        ? builder
        : builder.AddSetup(new TlsSetup(security)).AddHocon(Settings, HoconAddMode.Prepend);
}

/// <summary>Hands the certificates to the transport, which the actor system makes by itself.</summary>
internal sealed class TlsSetup(TransportSecurity security) : Setup
{
    public TransportSecurity Security => security;
}
