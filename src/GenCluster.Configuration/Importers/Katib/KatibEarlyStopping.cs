using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>
/// Katib's <c>medianstop</c>. The value that it calls a median is a mean (kubeflow/katib,
/// pkg/earlystopping/v1beta1/medianstop/service.py), which the rule <c>katib</c> of ours is as well.
/// </summary>
internal static class KatibEarlyStopping
{
    private const long DefaultTrials = 3, DefaultStart = 4;

    public static void Read(ForeignMap spec, SweepDraft draft)
    {
        if (spec.Map("earlyStopping") is not { } stop)
            return;
        if (!stop.Has("algorithmName"))
            draft.Wrong(stop.Place, "spec.earlyStopping.algorithmName: missing, but required; write medianstop, the only one that Katib has");
        _ = stop.Choice("algorithmName", "medianstop");
        var settings = new KatibSettings(stop, draft);
        long trials = settings.Integer("min_trials_required", 1, 100_000) ?? DefaultTrials;
        long start = settings.Integer("start_step", 1, 1_000_000_000) ?? DefaultStart;
        settings.RestIsNotCarried("medianstop has no such setting");
        stop.RestIsNotCarried("v1beta1 knows no such key");
        draft.Warn(stop.PlaceOf("algorithmName"), "what medianstop compares with is the mean of trials' means, not a median; the rule 'katib' does the same, write rule: gencluster for a median");
        if (draft.EarlyStopping is not null)
            draft.Warn(stop.Place, "spec.earlyStopping: takes the place of what the algorithm itself would stop");
        draft.EarlyStopping = new EarlyStoppingSpec("median",
            new OptionList().Add("rule", "katib").Add("minTrials", trials).Add("gracePeriod", (double)start).Build(SearchCatalogue.FindScheduler("median")));
    }
}
