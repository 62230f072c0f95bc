using System.Text.Json;
using System.Text.Json.Serialization;
using GenCluster.Core.Parameters;

namespace GenCluster.Server.ReadModel;

/// <summary>A hyperparameter's value: a JSON number, string or boolean. A number that JSON has no form for is its name.</summary>
internal sealed class ParameterValueJson : JsonConverter<ParameterValue>
{
    public override ParameterValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.TryGetInt64(out long integer) ? ParameterValue.Of(integer) : ParameterValue.Of(reader.GetDouble()),
        JsonTokenType.True or JsonTokenType.False => ParameterValue.Of(reader.GetBoolean()),
        JsonTokenType.String => ParameterValue.Of(reader.GetString()!),
        _ => throw new JsonException("a value is a number, a string or a boolean"),
    };

    public override void Write(Utf8JsonWriter writer, ParameterValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case ParameterKind.Number when double.IsFinite(value.Number):
                writer.WriteNumberValue(value.Number);
                break;
            case ParameterKind.Integer:
                writer.WriteNumberValue(value.Integer);
                break;
            case ParameterKind.Flag:
                writer.WriteBooleanValue(value.AsFlag());
                break;
            default:
                writer.WriteStringValue($"{value}");
                break;
        }
    }
}

/// <summary>An assignment: an object with one member for each hyperparameter.</summary>
internal sealed class AssignmentJson : JsonConverter<Assignment>
{
    private static readonly ParameterValueJson Values = new();

    public override Assignment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<Setting> settings = [];
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            string path = reader.GetString()!;
            reader.Read();
            settings.Add(new Setting(path, Values.Read(ref reader, typeof(ParameterValue), options)));
        }

        return new Assignment([.. settings]);
    }

    public override void Write(Utf8JsonWriter writer, Assignment value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (path, one) in value.Settings)
        {
            writer.WritePropertyName(path);
            Values.Write(writer, one, options);
        }

        writer.WriteEndObject();
    }
}
