using GenCluster.Configuration.Yaml;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Wandb;

/// <summary>
/// W&amp;B's <c>early_terminate</c> (wandb/sweeps, src/sweeps/hyperband_stopping.py). What they call Hyperband stops each run by
/// itself at a few bands, as asynchronous successive halving does: it is <c>asha</c> with the rule <c>wandb</c>, whose steps
/// are values that were logged.
/// </summary>
internal static class WandbEarlyTermination
{
    private const double DefaultEta = 3;

    public static void Read(ForeignMap root, SweepDraft draft)
    {
        if (root.Map("early_terminate") is not { } stop)
            return;
        if (!stop.Has("type"))
            draft.Wrong(stop.Place, "early_terminate.type: missing, but required; write hyperband, the only one that W&B has");
        _ = stop.Choice("type", "hyperband");
        double eta = stop.Number("eta") ?? DefaultEta;
        if (eta <= 1)
            draft.Wrong(stop.PlaceOf("eta"), $"early_terminate.eta: got {Draws.Number(eta)}; write a number above 1");
        var options = new OptionList().Add("rule", "wandb").Add("reductionFactor", eta).Add("strict", Strict(stop, draft));
        ReadBands(stop, options, draft);
        stop.RestIsNotCarried("W&B knows no such key");
        draft.EarlyStopping = new EarlyStoppingSpec("asha", options.Build(SearchCatalogue.FindScheduler("asha")));
    }

    /// <summary>With <c>min_iter</c> bands go up from there, with <c>max_iter</c> and <c>s</c> they go down from there.</summary>
    private static void ReadBands(ForeignMap stop, OptionList options, SweepDraft draft)
    {
        var (first, last, count) = (stop.Integer("min_iter", 1, int.MaxValue), stop.Integer("max_iter", 1, int.MaxValue), stop.Integer("s", 1, 64));
        if (last is { } end && count is { } bands)
        {
            options.Add("maxSteps", end).Add("bands", bands);
            draft.Steps = end;
            if (first is not null)
                draft.Warn(stop.PlaceOf("min_iter"), "early_terminate.min_iter: does not count beside max_iter and s, in W&B neither");
        }
        else if (first is { } begin)
        {
            options.Add("gracePeriod", (double)begin);
            draft.Steps = last;
            if (last is not null)
                draft.Warn(stop.PlaceOf("max_iter"), "early_terminate.max_iter: without s it does not count in W&B; here it is how many values a run logs");
            else if (stop.Has("s"))
                draft.Warn(stop.PlaceOf("s"), "early_terminate.s: does not count without max_iter, in W&B neither");
        }
        else
            draft.Wrong(stop.Place, "early_terminate: nothing says where the bands are; write min_iter, or max_iter and s");
    }

    private static bool Strict(ForeignMap stop, SweepDraft draft)
    {
        if (stop.Flag("strict") is { } strict)
            return strict;
        draft.Warn(stop.Place, "early_terminate.strict: missing; true is taken, the default of W&B's schema. Its documentation says false: write the one that you mean");
        return true;
    }
}
