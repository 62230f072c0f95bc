using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>The options of TPE; what each means is in <see cref="SearchCatalogue"/>.</summary>
internal sealed record TpeOptions(
    int StartupTrials, int Candidates, double Gamma, bool GammaOfRoot, int MaxGood, double PriorWeight, bool Multivariate, bool ConsiderEndpoints, bool MagicClip)
{
    public static TpeOptions Of(SearchHistory history)
    {
        var description = SearchCatalogue.FindSampler("tpe")!;
        return new TpeOptions(
            Integer("startupTrials"), Integer("candidates"), Number("gamma"), Text("gammaRule") == "root", Integer("maxGood"), Number("priorWeight"),
            Flag("multivariate"), Flag("considerEndpoints"), Flag("magicClip"));

        int Integer(string name) => (int)description.Option(history.Options, name).AsInteger();
        double Number(string name) => description.Option(history.Options, name).AsNumber();
        string Text(string name) => description.Option(history.Options, name).AsText();
        bool Flag(string name) => description.Option(history.Options, name).AsFlag();
    }

    /// <summary>How many of so many known trials are good; with several objectives without an upper bound.</summary>
    public int GoodAmong(int known, int objectives)
    {
        int good = (int)Math.Ceiling(Gamma * (GammaOfRoot ? Math.Sqrt(known) : known));
        return objectives > 1 ? good : Math.Min(good, MaxGood);
    }
}
