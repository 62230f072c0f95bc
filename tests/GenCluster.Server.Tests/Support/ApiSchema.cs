using System.Text.Json;

namespace GenCluster.Server.Tests.Support;

/// <summary>Holds JSON against a schema of an OpenAPI 3.1 document: of what it knows, as much as ours uses.</summary>
internal sealed class ApiSchema(JsonElement document)
{
    private static readonly string[] Known =
        ["$ref", "type", "properties", "required", "items", "additionalProperties", "format", "description", "default", "enum", "oneOf", "pattern", "nullable"];

    /// <summary>The schema of an answer; null when the document has none for that status and type.</summary>
    public JsonElement? Of(string method, string pattern, int status, string type) =>
        document.GetProperty("paths").TryGetProperty(pattern, out var path)
        && path.TryGetProperty(method.ToLowerInvariant(), out var operation)
        && operation.GetProperty("responses").TryGetProperty($"{status}", out var response)
        && response.TryGetProperty("content", out var content)
        && content.TryGetProperty(type, out var media)
            ? media.GetProperty("schema")
            : null;

    /// <summary>Where the value differs from the schema, in words.</summary>
    public IEnumerable<string> FaultsOf(JsonElement value, JsonElement schema, string at = "$")
    {
        foreach (var keyword in schema.EnumerateObject().Where(k => !Known.Contains(k.Name)))
            yield return $"{at}: this test does not know the keyword {keyword.Name}";
        if (schema.TryGetProperty("$ref", out var reference))
        {
            foreach (string fault in FaultsOf(value, Resolve(reference.GetString()!), at))
                yield return fault;
            yield break;
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            if (choices.EnumerateArray().Count(c => !FaultsOf(value, c, at).Any()) != 1)
                yield return $"{at}: fits not exactly one of the choices";
            yield break;
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(t => Is(value, t)))
            yield return $"{at}: {value.ValueKind} is none of {type}";
        foreach (string fault in value.ValueKind switch
        {
            JsonValueKind.Object => FaultsOfObject(value, schema, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((v, i) => FaultsOf(v, items, $"{at}[{i}]")),
            _ => [],
        })
        {
            yield return fault;
        }
    }

    private IEnumerable<string> FaultsOfObject(JsonElement value, JsonElement schema, string at)
    {
        foreach (var required in schema.TryGetProperty("required", out var names) ? names.EnumerateArray() : default)
        {
            if (!value.TryGetProperty(required.GetString()!, out _))
                yield return $"{at}: lacks {required}";
        }

        bool isClosed = schema.TryGetProperty("properties", out var properties);
        bool hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        foreach (var member in value.EnumerateObject())
        {
            if (isClosed && properties.TryGetProperty(member.Name, out var expected))
            {
                foreach (string fault in FaultsOf(member.Value, expected, $"{at}.{member.Name}"))
                    yield return fault;
            }
            else if (hasOthers)
            {
                foreach (string fault in FaultsOf(member.Value, others, $"{at}.{member.Name}"))
                    yield return fault;
            }
            else if (isClosed)
            {
                yield return $"{at}: {member.Name} is not in the document";
            }
        }
    }

    private JsonElement Resolve(string reference) =>
        reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(document, (at, part) => at.GetProperty(part));

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind is JsonValueKind.Null,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind is JsonValueKind.Number,
        _ => false,
    };
}
