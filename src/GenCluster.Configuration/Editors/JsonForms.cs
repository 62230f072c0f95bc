using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Models;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Editors;

/// <summary>What a JSON schema says of keys, sections and hyperparameters.</summary>
internal static partial class JsonForms
{
    /// <summary>A closed map. The options of an algorithm are known when its name is.</summary>
    public static JsonObject Section(SectionSchema schema)
    {
        string[] required = [.. schema.Keys.Where(k => k.Required).Select(k => k.Name)];
        var section = new JsonObject
        {
            ["type"] = required.Length > 0 ? "object" : new JsonArray("object", "null"),
            ["properties"] = new JsonObject(schema.Keys.Select(k => KeyValuePair.Create<string, JsonNode?>(k.Name, Described(Of(k), k)))),
        };
        if (required.Length > 0)
            section["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        if (schema.Algorithms.Count == 0)
        {
            section["additionalProperties"] = false;
            return section;
        }

        section["allOf"] = new JsonArray([.. schema.Algorithms.Where(a => a.Options.Count > 0).Select(a => When(schema.Keys[0].Name, a.Name, Options(a)))]);
        section["unevaluatedProperties"] = false;
        return section;
    }

    public static JsonObject When(string key, string value, JsonObject then) => new()
    {
        ["if"] = new JsonObject { ["required"] = new JsonArray(key), ["properties"] = new JsonObject { [key] = new JsonObject { ["const"] = value } } },
        ["then"] = then,
    };

    public static JsonObject Has(string key) => new() { ["required"] = new JsonArray(key) };

    public static JsonObject Reference(string definition, string? meaning = null)
    {
        var reference = new JsonObject { ["$ref"] = $"#/$defs/{definition}" };
        if (meaning is not null)
            reference["description"] = meaning;
        return reference;
    }

    public static JsonObject Described(JsonObject form, Key key)
    {
        var described = key.Or is { } other ? new JsonObject { ["anyOf"] = new JsonArray(form, Of(other)) } : form;
        described["description"] = key.Meaning;
        if (Default(key) is { } value)
            described["default"] = value;
        return described;
    }

    /// <summary>The value that a hyperparameter or option may have.</summary>
    public static JsonObject Value(Hyperparameter hyperparameter)
    {
        JsonObject form = hyperparameter.Default.Kind switch
        {
            ParameterKind.Number => Range("number", hyperparameter.Min, hyperparameter.Max),
            ParameterKind.Integer => Range("integer", hyperparameter.Min, hyperparameter.Max),
            ParameterKind.Flag => new JsonObject { ["type"] = "boolean" },
            _ when hyperparameter.Choices is { } choices => new JsonObject { ["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)c)]) },
            _ => new JsonObject { ["type"] = "string" },
        };
        form["description"] = hyperparameter.Meaning;
        form["default"] = Plain(hyperparameter.Default);
        return form;
    }

    private static JsonObject Options(AlgorithmDescription algorithm) =>
        new() { ["properties"] = new JsonObject(algorithm.Options.Select(o => KeyValuePair.Create<string, JsonNode?>(o.Path, Value(o)))) };

    private static JsonObject Of(Key key) => key switch
    {
        IntegerKey integer => Range("integer", integer.Min, integer.Max),
        NumberKey number => Range("number", number.Min, number.Max),
        FlagKey => new JsonObject { ["type"] = "boolean" },
        TextKey { Choices: { } choices } => new JsonObject { ["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)c)]) },
        TextKey { Pattern: { } pattern } => new JsonObject { ["type"] = "string", ["pattern"] = Portable(pattern.ToString()) },
        TextKey => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
        ListKey list => new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Described(Of(list.Item), list.Item) },
        MapKey map => Section(map.Schema),
        FreeKey free => (JsonObject)JsonNode.Parse(free.JsonSchema)!,
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "a key without a form"),
    };

    // Not every dialect of patterns has \z, and some write named groups otherwise.
    private static string Portable(string pattern) => NamedGroup().Replace(pattern, "(").Replace("\\z", "$", StringComparison.Ordinal);

    [GeneratedRegex(@"\(\?<[A-Za-z]+>")]
    private static partial Regex NamedGroup();

    private static JsonObject Range(string type, double? min, double? max)
    {
        var range = new JsonObject { ["type"] = type };
        if (min is { } least)
            range["minimum"] = Plain(ParameterValue.Of(least));
        if (max is { } greatest)
            range["maximum"] = Plain(ParameterValue.Of(greatest));
        return range;
    }

    private static JsonNode? Default(Key key) => key switch
    {
        IntegerKey { Default: { } value } => value,
        NumberKey { Default: { } value } => Plain(ParameterValue.Of(value)),
        TextKey { Default: { } value } => value,
        FlagKey flag => flag.Default,
        _ => null,
    };

    private static JsonNode Plain(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Number => value.Number,
        ParameterKind.Integer => value.Integer,
        ParameterKind.Flag => value.AsFlag(),
        _ => value.AsText(),
    };
}
