using System.Text.RegularExpressions;
using GenCluster.Configuration.Sections;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Schema;

/// <summary>The grammar of a sweep file, as data: documentation and editor support are made from it.</summary>
public static partial class SweepSchema
{
    internal static readonly TextKey ApiVersion = new("apiVersion", "Version of this grammar.") { Choices = ["gencluster/v1"], Required = true };
    internal static readonly TextKey Kind = new("kind", "What the file describes.") { Choices = ["Sweep"], Required = true };

    internal static readonly TextKey Name = new("name", "Name of the sweep and of its folder of results.")
    {
        Required = true,
        Pattern = NamePattern(),
        PatternMeaning = "1 to 63 lower-case letters, digits and hyphens, with a letter or digit first and last",
    };

    internal static readonly MapKey Trainable = new("trainable", "The model and its fixed hyperparameters, or a program.", TrainableSection.Schema);
    internal static readonly MapKey Data = new("data", "The images.", DataSection.Schema);
    internal static readonly MapKey Training = new("training", "How long, how large, how often.", TrainingSection.Schema);
    internal static readonly MapKey Evaluation = new("evaluation", "The protocol of the metric.", EvaluationSection.Schema);
    internal static readonly MapKey Objective = new("objective", "What makes a trial better than another.", ObjectiveSection.Schema);
    internal static readonly MapKey Search = new("search", "How configurations are chosen, and how many.", SearchSection.Schema);
    internal static readonly MapKey Parameters =
        new("parameters", "The hyperparameters to search, each with a distribution.", ParametersSection.Schema);
    internal static readonly MapKey EarlyStopping =
        new("earlyStopping", "When trials end before their last step; default: never.", EarlyStoppingSection.Schema);
    internal static readonly MapKey WarmStart = new("warmStart", "What is taken over from another sweep; default: nothing.", WarmStartSection.Schema);
    internal static readonly MapKey Resources = new("resources", "What a trial runs on.", ResourcesSection.Schema);
    internal static readonly MapKey Budget = new("budget", "When to give up.", BudgetSection.Schema);

    public static SectionSchema Root { get; } =
        new(ApiVersion, Kind, Name, Trainable, Data, Training, Evaluation, Objective, Search, Parameters, ParametersSection.Constraints, EarlyStopping, WarmStart, Resources, Budget);

    /// <summary>Names of search algorithms that a file may give.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [.. SearchCatalogue.Samplers.Select(s => s.Name)];

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex NamePattern();
}
