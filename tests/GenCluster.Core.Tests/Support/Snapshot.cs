using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenCluster.Core.Tests.Support;

/// <summary>All of a state as text: immutable collections compare by reference, texts by what is in them.</summary>
internal static class Snapshot
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Of<T>(T state) => JsonSerializer.Serialize(state, Options);
}
