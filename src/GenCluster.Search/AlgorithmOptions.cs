using GenCluster.Core.Parameters;
using GenCluster.Core.Search;

namespace GenCluster.Search;

/// <summary>The options of an algorithm: what a sweep file gave, and the catalogue's defaults for all else.</summary>
internal readonly record struct AlgorithmOptions(AlgorithmDescription Description, Assignment Given)
{
    public static AlgorithmOptions OfScheduler(string name, SearchHistory history) => new(SearchCatalogue.FindScheduler(name)!, history.StoppingOptions);

    public static AlgorithmOptions OfSampler(string name, SearchHistory history) => new(SearchCatalogue.FindSampler(name)!, history.Options);

    public double Number(string name) => Description.Option(Given, name).AsNumber();

    public int Integer(string name) => (int)Description.Option(Given, name).AsInteger();

    public string Text(string name) => Description.Option(Given, name).AsText();

    public bool Flag(string name) => Description.Option(Given, name).AsFlag();
}
