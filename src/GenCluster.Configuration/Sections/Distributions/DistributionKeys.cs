using GenCluster.Configuration.Schema;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Sections.Distributions;

/// <summary>The keys that describe how one hyperparameter is drawn.</summary>
internal static class DistributionKeys
{
    private const double Largest = 1e100;
    private const string Scalar = """{"type": ["number", "string", "boolean"]}""";
    private const string Number = """{"type": "number"}""";

    public static readonly FreeKey Value = new("value", "The one value.", "a value") { JsonSchema = Scalar };

    public static readonly FreeKey Values =
        new("values", "The values to choose from.", "a list of values") { JsonSchema = $$"""{"type": "array", "minItems": 1, "uniqueItems": true, "items": {{Scalar}}}""" };

    public static readonly FreeKey Probabilities =
        new("probabilities", "How likely each value is; equally likely when left out.", "a list of numbers that sum to 1")
        {
            JsonSchema = """{"type": "array", "minItems": 1, "items": {"type": "number", "minimum": 0, "maximum": 1}}""",
        };

    public static readonly FreeKey Weights =
        new("weights", "How likely each value is in relation to the others; instead of probabilities.", "a list of numbers of at least 0, not all 0")
        {
            JsonSchema = """{"type": "array", "minItems": 1, "items": {"type": "number", "minimum": 0}}""",
        };

    public static readonly FreeKey Min = new("min", "The least value, included.", "a number") { JsonSchema = Number };
    public static readonly FreeKey Max = new("max", "The greatest value, included.", "a number") { JsonSchema = Number };
    public static readonly NumberKey Step = new("step", 1e-12, 1e12, "Only min, min + step, min + 2 step, … up to max.");
    public static readonly NumberKey Q = new("q", 1e-12, 1e12, "Values are multiples of it.") { Default = 1 };
    public static readonly NumberKey Mu = new("mu", -Largest, Largest, "The mean, in log_normal that of the logarithm.") { Default = 0 };
    public static readonly NumberKey Sigma = new("sigma", 1 / Largest, Largest, "The standard deviation, in log_normal that of the logarithm.") { Default = 1 };
    public static readonly NumberKey A = new("a", Beta.LeastShape, Beta.GreatestShape, "The first shape of beta.") { Default = 1 };
    public static readonly NumberKey B = new("b", Beta.LeastShape, Beta.GreatestShape, "The second shape of beta.") { Default = 1 };

    public static readonly FreeKey When =
        new("when", "The trials that have it: {name: value, other: [value, value]}, or a condition.", "a map from names to values, or a condition like \"layers > 2\"")
        {
            JsonSchema = """{"type": ["object", "string"]}""",
        };
}
