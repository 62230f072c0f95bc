using System.Net;

namespace GenCluster.Certificates.Tests;

public sealed class OpenNetworkTests
{
    [Theory]
    [InlineData("127.0.0.1", false, false, true)]
    [InlineData("::1", false, false, true)]
    [InlineData("10.0.0.1", true, false, true)]
    [InlineData("10.0.0.1", false, true, true)]
    [InlineData("10.0.0.1", false, false, false)]
    [InlineData("0.0.0.0", false, false, false)]
    [InlineData("::", false, false, false)]
    public void Without_tls_only_loopback_is_listened_on_unless_the_network_is_said_to_be_safe(string bind, bool encrypted, bool allowed, bool may) =>
        (OpenNetwork.Refuse(IPAddress.Parse(bind), encrypted, allowed) is null).ShouldBe(may);

    [Fact]
    public void The_refusal_says_what_to_do() => OpenNetwork.Refuse(IPAddress.Parse("10.0.0.1"), false, false).ShouldBe(
        "--bind 10.0.0.1 is reached from other machines, and without TLS whoever reaches it may give orders to this cluster; give --tls-certificate, --tls-key and --tls-ca "
        + "(gencluster certificates new makes some), or --insecure-network where the network itself is encrypted and closed to others");
}
