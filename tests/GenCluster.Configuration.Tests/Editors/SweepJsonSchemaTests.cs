using System.Text.Json;
using System.Text.Json.Nodes;
using GenCluster.Configuration.Editors;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;
using Json.Schema;

namespace GenCluster.Configuration.Tests.Editors;

/// <summary>The schema for editors, tried with a validator of JSON schemas that knows nothing of this project.</summary>
public sealed class SweepJsonSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(SweepJsonSchema.Text());
    private static readonly string Configs = Path.Combine(AppContext.BaseDirectory, "configs");

    public static TheoryData<string> ShippedFiles => [.. Directory.GetFiles(Configs, "*.yaml").Select(f => Path.GetFileName(f)).Order()];

    public static TheoryData<string> MistakesItSees =>
    [
        "unknown-keys", "missing-keys", "wrong-types", "impossible-ranges", "search-options", "unknown-hyperparameters", "wrong-hyperparameters", "program",
        "model-with-the-keys-of-a-program", "budgets", "unknown-model", "wrong-placement", "wrong-exchange", "objectives", "constraints-not-a-list",
    ];

    [Fact]
    public void The_committed_copy_is_the_same() => Documents.ShouldHold("sweep.schema.json", SweepJsonSchema.Text());

    [Fact]
    public void It_is_a_schema_of_the_draft_that_it_names()
    {
        MetaSchemas.Draft202012.Evaluate(JsonDocument.Parse(SweepJsonSchema.Text()).RootElement, Options).IsValid.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(ShippedFiles))]
    public void It_accepts_every_shipped_file(string file) => Judge(File.ReadAllText(Path.Combine(Configs, file))).ShouldBeEmpty();

    [Theory]
    [InlineData("trainable: {model: dcgan, optimizer: {generator.learningRate: 1e-3}, optimizer.beta1: 0.5}\ntraining: {steps: 1}\nparameters: {optimizer: {discriminator: {learningRate: {min: 0.1, max: 1}}}}")]
    [InlineData("trainable: {model: vae}\ntraining: {steps: 1, synchronization: diloco}\nresources: {workers: {min: 1, max: 2}}")]
    [InlineData("trainable: {model: vae}\ntraining: {steps: 1, synchronization: {mode: diloco}}\nresources: {workers: 2}\ndata:\nsearch: {algorithm: tpe, startupTrials: 3}")]
    [InlineData("trainable: {command: [python3, train.py, 1], environment: {A: 1}}\nobjective: {metric: loss, also: [{metric: x}], constraints: [y < 1]}\nparameters: {lr: {min: 0, max: 1, when: {a.b: 1}}, a: {b: {values: [1, x, true]}}}\nsearch: {seedTrials: [{lr: 1}]}\nbudget: {wallClock: 1h30m}")]
    public void It_accepts_every_form(string text) => Judge($"apiVersion: gencluster/v1\nkind: Sweep\nname: forms\n{text}").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(MistakesItSees))]
    public void It_sees_mistakes_in_keys_and_single_values(string file) =>
        Judge(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Broken", $"{file}.yaml"))).ShouldNotBeEmpty();

    private static EvaluationOptions Options => new() { OutputFormat = OutputFormat.List };

    /// <summary>Where the schema does not fit.</summary>
    private static string[] Judge(string yaml)
    {
        var result = Schema.Evaluate(JsonSerializer.SerializeToElement(Json(NodeReader.Read(yaml, new("any.yaml")).ShouldNotBeNull())), Options);
        return result.IsValid ? [] : [.. (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")), "invalid"];
    }

    private static JsonNode? Json(Node node) => node switch
    {
        MapNode map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Text, Json(e.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { Value: { } value } => value.Kind switch
        {
            ParameterKind.Number => value.Number,
            ParameterKind.Integer => value.Integer,
            ParameterKind.Flag => value.AsFlag(),
            _ => value.AsText(),
        },
        _ => null,
    };
}
