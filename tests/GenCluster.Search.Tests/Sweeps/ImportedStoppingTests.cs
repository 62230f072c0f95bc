using System.Text;
using GenCluster.Configuration;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using GenCluster.Search.Sweeps;

namespace GenCluster.Search.Tests.Sweeps;

/// <summary>Files of other tools, which do not say how many steps a trial has, stop trials here as well.</summary>
public sealed class ImportedStoppingTests
{
    private const int Trials = 6;

    [Fact]
    public void A_bad_run_of_a_wandb_sweep_is_stopped() => Stops("""
        program: train.py
        method: random
        run_cap: 6
        metric: {name: loss, goal: minimize}
        parameters: {lr: {min: 0.0, max: 1.0}}
        early_terminate: {type: hyperband, min_iter: 2, eta: 3, strict: true}
        """);

    [Fact]
    public void A_bad_trial_of_a_katib_experiment_is_stopped() => Stops("""
        apiVersion: kubeflow.org/v1beta1
        kind: Experiment
        metadata: {name: median}
        spec:
          objective: {type: minimize, objectiveMetricName: loss}
          algorithm: {algorithmName: random}
          earlyStopping:
            algorithmName: medianstop
            algorithmSettings: [{name: min_trials_required, value: "3"}, {name: start_step, value: "2"}]
          parallelTrialCount: 1
          maxTrialCount: 6
          parameters: [{name: lr, parameterType: double, feasibleSpace: {min: "0", max: "1"}}]
          trialTemplate:
            primaryContainerName: main
            trialParameters: [{name: lr, reference: lr}]
            trialSpec:
              apiVersion: batch/v1
              kind: Job
              spec: {template: {spec: {containers: [{name: main, image: python, command: [python3, train.py, "--lr=${trialParameters.lr}"]}]}}}
        """);

    private static void Stops(string file)
    {
        var spec = SweepFile.Parse("sweep.yaml", Encoding.UTF8.GetBytes(file)).Spec.ShouldNotBeNull();
        var search = new SweepSearch(Algorithms.Known);
        var state = SweepDecider.Apply(SweepState.New(new("imported")), new SweepSubmitted(new("imported"), spec with { Search = spec.Search with { ParallelTrials = 1 } }));

        // All but the last trial are good, and end one after another.
        for (int trial = 1; trial < Trials; trial++)
        {
            Propose();
            for (int step = 1; step <= 10; step++)
                Hear(trial, step, 1.0 / step).ShouldBeNull();
            Do(new RecordOutcome(trial, new TrialOutcome(TrialPhase.Succeeded, 0.1, null, 10, "", null, "")));
        }

        Propose();
        Enumerable.Range(1, 10).Select(step => Hear(Trials, step, 100)).OfType<Core.Search.Ruling>().ShouldNotBeEmpty();

        void Propose()
        {
            while (search.Next(state) is { } next)
                Do(next);
        }

        Core.Search.Ruling? Hear(int trial, int step, double loss)
        {
            var heard = search.Hear(state, trial, new MetricReport(step, [new Metric("loss", loss)]));
            Do(heard);
            return heard.Ruling;
        }

        void Do(ISweepCommand command)
        {
            foreach (var @event in SweepDecider.Decide(state, command).Events)
                state = SweepDecider.Apply(state, @event);
        }
    }
}
