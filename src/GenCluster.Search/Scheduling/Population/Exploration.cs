using GenCluster.Core.Parameters;
using GenCluster.Core.Randomness;

namespace GenCluster.Search.Scheduling.Population;

/// <summary>
/// Changes the settings of a good trial a little (Jaderberg et al. 2017, section 3): a number is multiplied by one of two factors,
/// a choice moves to its neighbour in the list, and now and then a value is drawn anew.
/// </summary>
/// <remarks>
/// Whatever comes out is a value of its distribution: numbers are clamped and put on its steps, and one on steps moves by at
/// least one. Hyperparameters whose condition holds now and did not before are drawn; those whose condition holds no more go.
/// </remarks>
internal sealed class Exploration(ParameterSpace space, AlgorithmOptions options)
{
    /// <summary>How often to look for settings that the constraints admit before the parent's are taken as they are.</summary>
    private const int Attempts = 100;

    public Assignment From(Assignment parent, Func<string, RandomStream> streamOf)
    {
        var streams = space.Parameters.ToDictionary(p => p.Path, p => streamOf(p.Path));
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var explored = Explored(parent, streams);
            if (space.Admits(explored))
                return explored;
        }

        return parent;
    }

    private Assignment Explored(Assignment parent, Dictionary<string, RandomStream> streams)
    {
        Dictionary<string, ParameterValue> values = new(StringComparer.Ordinal);
        foreach (var parameter in space.InOrder)
        {
            if (parameter.When is not null && parameter.When.Holds(path => values.TryGetValue(path, out var value) ? value : null) is not true)
                continue;
            var stream = streams[parameter.Path];
            values.Add(parameter.Path, parent.Find(parameter.Path) is { } old && parameter.Distribution.Contains(old)
                ? Changed(parameter.Distribution, old, stream)
                : parameter.Distribution.Quantile(stream.NextDouble()));
        }

        return new Assignment([.. values.Select(v => new Setting(v.Key, v.Value))]);
    }

    private ParameterValue Changed(Distribution distribution, ParameterValue old, RandomStream stream)
    {
        // All three are drawn each time, so that what is done with one never changes the others.
        double lot = stream.NextDouble(), anew = stream.NextDouble();
        bool isUp = stream.NextDouble() < 0.5;
        if (lot < options.Number("resampleProbability"))
            return distribution.Quantile(anew);
        if (!options.Flag("perturb"))
            return old;
        return distribution switch
        {
            Categorical choice => Neighbour(choice, old, isUp),
            { IsOrdered: true } when old.Kind is ParameterKind.Number or ParameterKind.Integer =>
                Neighbours.Moved(distribution, old, options.Number(isUp ? "factorUp" : "factorDown"), isUp),
            _ => old,
        };
    }

    /// <summary>The next value of the list that can be drawn; at its end the value itself.</summary>
    private static ParameterValue Neighbour(Categorical choice, ParameterValue old, bool isUp)
    {
        int at = Array.IndexOf(choice.Values, old);
        var beside = isUp ? choice.Values.Skip(at + 1) : choice.Values.Take(at).Reverse();
        return beside.Where(choice.Contains).Append(old).First();
    }
}
