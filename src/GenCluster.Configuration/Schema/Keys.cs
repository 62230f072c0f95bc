using System.Text.RegularExpressions;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Schema;

/// <summary>A key of a section, as data: what it is called, what it means and what may stand there.</summary>
/// <param name="Meaning">One sentence for people.</param>
public abstract record Key(string Name, string Meaning)
{
    /// <summary>Whether a file without it is wrong.</summary>
    public bool Required { get; init; }

    /// <summary>What may be written in its place, in words that follow "write …"; empty: nothing.</summary>
    public string Instead { get; init; } = "";

    /// <summary>Another form that may stand there; null: there is none.</summary>
    public Key? Or { get; init; }

    /// <summary>What may be written, in words that follow "write".</summary>
    public abstract string Allowed { get; }
}

/// <summary>A whole number in a range.</summary>
public sealed record IntegerKey(string Name, long Min, long Max, string Meaning) : Key(Name, Meaning)
{
    /// <summary>The value when the file says nothing; null when it depends on other values.</summary>
    public long? Default { get; init; }

    public override string Allowed => Min == Max ? $"{Min}" : $"an integer from {Min} to {Max}";
}

/// <summary>A real number in a range; an integer is fine too.</summary>
public sealed record NumberKey(string Name, double Min, double Max, string Meaning) : Key(Name, Meaning)
{
    /// <summary>The value when the file says nothing; null when there is none.</summary>
    public double? Default { get; init; }

    public override string Allowed => $"a number from {ParameterValue.Of(Min)} to {ParameterValue.Of(Max)}";
}

/// <summary>A text: one of a few choices, or one of a pattern.</summary>
public sealed record TextKey(string Name, string Meaning) : Key(Name, Meaning)
{
    public string? Default { get; init; }

    /// <summary>Null: any text.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Null: any text that is not empty.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>The pattern in words.</summary>
    public string? PatternMeaning { get; init; }

    public override string Allowed => Choices switch
    {
        null => PatternMeaning ?? "a text of printable characters",
        [var only] => only,
        _ => $"one of {string.Join(", ", Choices)}",
    };
}

/// <summary>Yes or no.</summary>
public sealed record FlagKey(string Name, string Meaning) : Key(Name, Meaning)
{
    public bool Default { get; init; }

    public override string Allowed => "true or false";
}

/// <summary>A nested section.</summary>
public sealed record MapKey(string Name, string Meaning, SectionSchema Schema) : Key(Name, Meaning)
{
    public override string Allowed => Schema.Allowed;
}

/// <summary>A list.</summary>
/// <param name="Item">What each of its items is; its name does not matter.</param>
public sealed record ListKey(string Name, string Meaning, Key Item) : Key(Name, Meaning)
{
    public override string Allowed => $"a list; each item is {Item.Allowed}";
}

/// <summary>A value that its section reads in a way of its own.</summary>
public sealed record FreeKey(string Name, string Meaning, string AllowedWords) : Key(Name, Meaning)
{
    /// <summary>What a JSON schema says of it.</summary>
    public string JsonSchema { get; init; } = "{}";

    public override string Allowed => AllowedWords;
}

/// <summary>The keys of a section, in the order in which people write them.</summary>
public sealed record SectionSchema(params IReadOnlyList<Key> Keys)
{
    /// <summary>Besides its keys the section holds hyperparameters of the chosen model, nested or by dotted path.</summary>
    public bool HoldsHyperparameters { get; init; }

    /// <summary>Besides its keys the section holds the options of one of these, which its first key names.</summary>
    public IReadOnlyList<AlgorithmDescription> Algorithms { get; init; } = [];

    /// <summary>Keys that stand here only in files of another kind.</summary>
    public IReadOnlyList<Key> Misplaced { get; init; } = [];

    /// <summary>Why they do not stand here.</summary>
    public string WhyMisplaced { get; init; } = "";

    /// <summary>What may be written, in words that follow "write".</summary>
    public string Allowed => "a map with " + string.Join(", ", Names);

    private IEnumerable<string> Names =>
    [
        .. Keys.Select(k => k.Name),
        .. HoldsHyperparameters ? ["hyperparameters of the model"] : Array.Empty<string>(),
        .. Algorithms.Count > 0 ? [$"options of the {Keys[0].Name}"] : Array.Empty<string>(),
    ];
}
