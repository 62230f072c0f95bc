using System.Buffers.Binary;
using System.Text.Json;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>Reads the head of a safetensors file: eight bytes of length, then JSON, then the numbers.</summary>
internal static class Safetensors
{
    /// <summary>The names of the tensors; their data must fill the file.</summary>
    public static IReadOnlyList<string> Names(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int head = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, head));
        var tensors = json.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__").ToArray();
        tensors.Max(t => t.Value.GetProperty("data_offsets")[1].GetInt32()).ShouldBe(bytes.Length - 8 - head);
        return [.. tensors.Select(t => t.Name)];
    }
}
