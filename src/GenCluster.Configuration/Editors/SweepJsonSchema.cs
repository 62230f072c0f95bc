using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenCluster.Configuration.Schema;
using GenCluster.Configuration.Sections;
using GenCluster.Configuration.Sections.Distributions;
using GenCluster.Core.Models;

namespace GenCluster.Configuration.Editors;

/// <summary>
/// The grammar of a sweep file as a JSON schema (draft 2020-12), made from the same objects that read it, so that editors
/// complete keys and mark mistakes. It checks keys and single values; checks between values are the reader's.
/// </summary>
public static class SweepJsonSchema
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, with a line end at its end.</summary>
    public static string Text() => Root().ToJsonString(Indented) + "\n";

    private static JsonObject Root()
    {
        var root = JsonForms.Section(SweepSchema.Root);
        var properties = (JsonObject)root["properties"]!;
        properties[SweepSchema.Trainable.Name] = JsonForms.Described(Trainable(), SweepSchema.Trainable);
        properties[SweepSchema.Training.Name] = JsonForms.Described([], SweepSchema.Training);
        properties[SweepSchema.Parameters.Name] = JsonForms.Described([], SweepSchema.Parameters);
        root.Insert(0, "$schema", Draft);
        root.Insert(1, "title", "GenCluster sweep");
        root["allOf"] = new JsonArray([IsProgram(OfPrograms(), OfModels()), .. ModelCatalogue.All.Select(ParametersOf)]);
        root["$defs"] = Definitions();
        return root;
    }

    private static JsonObject Trainable() => new()
    {
        ["if"] = JsonForms.Has(ProgramKeys.Command.Name),
        ["then"] = JsonForms.Section(TrainableSection.ProgramSchema),
        ["else"] = Model(),
    };

    /// <summary>A model's own hyperparameters stand beside its name.</summary>
    private static JsonObject Model()
    {
        var section = JsonForms.Section(TrainableSection.ModelSchema);
        section.Remove("additionalProperties");
        section["allOf"] = new JsonArray([.. ModelCatalogue.All.Select(m =>
            JsonForms.When("model", m.Name, new JsonObject { ["properties"] = HyperparameterTreeSchema.Of(m.Hyperparameters, JsonForms.Value) }))]);
        section["unevaluatedProperties"] = false;
        return section;
    }

    private static JsonObject OfPrograms()
    {
        var objective = JsonForms.Has("metric");
        var properties = new JsonObject
        {
            [SweepSchema.Training.Name] = JsonForms.Section(TrainingSection.ProgramSchema),
            [SweepSchema.Parameters.Name] = JsonForms.Reference("programParameters"),
            [SweepSchema.Objective.Name] = objective,
        };
        return new JsonObject { ["required"] = new JsonArray(SweepSchema.Objective.Name), ["properties"] = properties };
    }

    private static JsonObject OfModels() => new()
    {
        ["required"] = new JsonArray(SweepSchema.Training.Name),
        ["properties"] = new JsonObject { [SweepSchema.Training.Name] = JsonForms.Section(TrainingSection.Schema) },
    };

    private static JsonObject IsProgram(JsonObject then, JsonObject otherwise) => new()
    {
        ["if"] = new JsonObject { ["properties"] = new JsonObject { [SweepSchema.Trainable.Name] = JsonForms.Has(ProgramKeys.Command.Name) } },
        ["then"] = then,
        ["else"] = otherwise,
    };

    /// <summary>Which hyperparameters the section of parameters may have depends on the model in another section.</summary>
    private static JsonObject ParametersOf(ModelDescription model)
    {
        var isModel = new JsonObject { ["required"] = new JsonArray("model"), ["properties"] = new JsonObject { ["model"] = new JsonObject { ["const"] = model.Name } } };
        var parameters = new JsonObject
        {
            ["properties"] = HyperparameterTreeSchema.Of(model.Hyperparameters, h => JsonForms.Reference("distribution", h.Meaning)),
            ["additionalProperties"] = false,
        };
        return new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { [SweepSchema.Trainable.Name] = isModel } },
            ["then"] = new JsonObject { ["properties"] = new JsonObject { [SweepSchema.Parameters.Name] = parameters } },
        };
    }

    private static JsonObject Definitions()
    {
        var distribution = JsonForms.Section(DistributionReader.Schema);
        distribution["minProperties"] = 1;
        var form = new JsonArray(JsonForms.Reference("distribution"), JsonForms.Reference("programParameters"));
        return new JsonObject
        {
            ["distribution"] = distribution,
            ["programParameters"] = new JsonObject { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = new JsonObject { ["anyOf"] = form } },
        };
    }
}
