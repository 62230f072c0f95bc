using GenCluster.Actors.Coordination;

namespace GenCluster.Server;

/// <summary>Addresses of coordinator nodes, as people write them: <c>akka.tcp://gencluster@10.0.0.1:4053</c>.</summary>
public static class CoordinatorAddress
{
    private const string Scheme = "akka.tcp";

    public static string Of(string host, int port) => $"{Scheme}://{CoordinatorHosting.SystemName}@{host}:{port}";

    public static bool IsValid(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { Scheme: Scheme, UserInfo: CoordinatorHosting.SystemName, Host.Length: > 0, Port: > 0 and <= ushort.MaxValue, PathAndQuery: "" or "/" };
}
