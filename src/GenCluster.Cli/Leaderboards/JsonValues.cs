using System.Text.Encodings.Web;
using System.Text.Json;
using GenCluster.Core.Parameters;

namespace GenCluster.Cli.Leaderboards;

/// <summary>Our values in JSON, with their types.</summary>
internal static class JsonValues
{
    public static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with one member per hyperparameter.</summary>
    public static void WriteAssignment(this Utf8JsonWriter json, string name, Assignment assignment)
    {
        json.WriteStartObject(name);
        foreach (var (path, value) in assignment.Settings)
        {
            switch (value.Kind)
            {
                case ParameterKind.Number:
                    json.WriteFinite(path, value.Number);
                    break;
                case ParameterKind.Integer:
                    json.WriteNumber(path, value.Integer);
                    break;
                case ParameterKind.Flag:
                    json.WriteBoolean(path, value.AsFlag());
                    break;
                default:
                    json.WriteString(path, value.Text);
                    break;
            }
        }

        json.WriteEndObject();
    }

    /// <summary>A number, or null where JSON has none for it.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    public static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            json.WriteNull(name);
        else
            json.WriteString(name, value);
    }
}
