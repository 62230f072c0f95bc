using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Configuration.Importers;

/// <summary>Options of an algorithm in the making. Those that are at their defaults are left out in the end, as in a sweep file of ours.</summary>
internal sealed class OptionList
{
    private readonly List<Setting> settings = [];

    public OptionList Add(string name, string value) => Add(name, ParameterValue.Of(value));

    public OptionList Add(string name, double value) => Add(name, ParameterValue.Of(value));

    public OptionList Add(string name, long value) => Add(name, ParameterValue.Of(value));

    public OptionList Add(string name, bool value) => Add(name, ParameterValue.Of(value));

    /// <summary>Without those that are at the defaults of the algorithm.</summary>
    public Assignment Build(AlgorithmDescription? algorithm) =>
        new([.. settings.Where(s => algorithm?.Options.FirstOrDefault(o => o.Path == s.Path)?.Default != s.Value)]);

    private OptionList Add(string name, ParameterValue value)
    {
        settings.Add(new Setting(name, value));
        return this;
    }
}
