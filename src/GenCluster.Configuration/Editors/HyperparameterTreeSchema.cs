using System.Text.Json.Nodes;
using GenCluster.Core.Models;

namespace GenCluster.Configuration.Editors;

/// <summary>Dotted paths as properties: <c>a.b.c</c> may be written as <c>a.b.c</c>, <c>a: {b.c: …}</c>, <c>a.b: {c: …}</c> and <c>a: {b: {c: …}}</c>.</summary>
internal static class HyperparameterTreeSchema
{
    public static JsonObject Of(IReadOnlyList<Hyperparameter> hyperparameters, Func<Hyperparameter, JsonObject> leaf) => Of(hyperparameters, "", leaf);

    private static JsonObject Of(IReadOnlyList<Hyperparameter> hyperparameters, string prefix, Func<Hyperparameter, JsonObject> leaf)
    {
        var properties = new JsonObject();
        foreach (var hyperparameter in hyperparameters.Where(h => h.Path.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string[] parts = hyperparameter.Path[prefix.Length..].Split('.');
            properties.Add(string.Join('.', parts), leaf(hyperparameter));
            for (int depth = 1; depth < parts.Length; depth++)
            {
                string group = string.Join('.', parts[..depth]);
                properties.TryAdd(group, new JsonObject
                {
                    ["type"] = new JsonArray("object", "null"),
                    ["properties"] = Of(hyperparameters, $"{prefix}{group}.", leaf),
                    ["additionalProperties"] = false,
                });
            }
        }

        return properties;
    }
}
