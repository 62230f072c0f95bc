using GenCluster.Core.Search;

namespace GenCluster.Search.Sampling.Tpe;

/// <summary>The options of TPE; what each means is in <see cref="SearchCatalogue"/>.</summary>
internal sealed record TpeOptions(
    int StartupTrials, int Candidates, double Gamma, bool GammaOfRoot, int MaxGood, double PriorWeight, bool Multivariate, bool ConsiderEndpoints, bool MagicClip)
{
    public static TpeOptions Of(SearchHistory history)
    {
        var given = AlgorithmOptions.OfSampler("tpe", history);
        return new TpeOptions(
            given.Integer("startupTrials"), given.Integer("candidates"), given.Number("gamma"), given.Text("gammaRule") == "root", given.Integer("maxGood"),
            given.Number("priorWeight"), given.Flag("multivariate"), given.Flag("considerEndpoints"), given.Flag("magicClip"));
    }

    /// <summary>How many of so many known trials are good; with several objectives without an upper bound.</summary>
    public int GoodAmong(int known, int objectives)
    {
        int good = (int)Math.Ceiling(Gamma * (GammaOfRoot ? Math.Sqrt(known) : known));
        return objectives > 1 ? good : Math.Min(good, MaxGood);
    }
}
