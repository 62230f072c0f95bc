using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Server.ReadModel;

/// <summary>Values of the read model that have parts, as JSON in one column. The same value gives the same text.</summary>
internal static class RowJson
{
    private static readonly AssignmentJson Assignments = new();

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object: path, value.</summary>
    public static string Of(Assignment assignment) => Write(json => Assignments.Write(json, assignment, JsonSerializerOptions.Default));

    /// <summary>An object: path, distribution in words.</summary>
    public static string Of(ParameterSpace space) => Write(json =>
    {
        json.WriteStartObject();
        foreach (var parameter in space.Parameters)
            json.WriteString(parameter.Path, parameter.Distribution.Describe());
        json.WriteEndObject();
    });

    /// <summary>A list of names.</summary>
    public static string Of(IReadOnlyList<WorkerId> workers) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var worker in workers)
            json.WriteStringValue(worker.Value);
        json.WriteEndArray();
    });

    /// <summary>A list of objects: name, sha256, length.</summary>
    public static string Of(IReadOnlyList<BlobRef> blobs) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var blob in blobs)
        {
            json.WriteStartObject();
            json.WriteString("name", blob.Name);
            json.WriteString("sha256", blob.Sha256);
            json.WriteNumber("length", blob.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>An object: step, reason, value, among, cutoff.</summary>
    public static string Of(Ruling ruling) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("step", ruling.Step);
        json.WriteString("reason", ruling.Reason);
        if (ruling.Value is { } value && double.IsFinite(value))
            json.WriteNumber("value", value);
        json.WriteNumber("among", ruling.Among);
        if (ruling.Cutoff is { } cutoff && double.IsFinite(cutoff))
            json.WriteNumber("cutoff", cutoff);
        json.WriteEndObject();
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
