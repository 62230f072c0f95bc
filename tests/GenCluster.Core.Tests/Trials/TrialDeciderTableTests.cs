using GenCluster.Core.Identity;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Trials;

/// <summary>Every command in every situation of a trial's life. Refusals begin with an exclamation mark.</summary>
public sealed class TrialDeciderTableTests
{
    private static readonly ITrialEvent[] Running =
    [
        new TrialCreated(Definition), new LeaseGranted(1, [Anna]), new MetricsReported(1, Report(0, 100)),
        new MetricsReported(1, Report(10, 50)), new CheckpointCommitted(1, Manifest(10)),
    ];

    private static readonly (string, TrialScenario)[] Situations =
    [
        ("missing", TrialScenario.Given()),
        ("pending", TrialScenario.Given(new TrialCreated(Definition))),
        ("running", TrialScenario.Given(Running)),
        ("waiting", TrialScenario.Given([.. Running, new LeaseEnded(1, FailureClass.Lost, "anna fell silent")])),
        ("succeeded", TrialScenario.Given([.. Running, new TrialConcluded(1, Succeeded(50))])),
        ("failed", TrialScenario.Given([.. Running, new TrialConcluded(1, Failed)])),
        ("cancelled", TrialScenario.Given([.. Running, new TrialConcluded(1, Cancelled)])),
    ];

    private static readonly (string, ITrialCommand)[] Commands =
    [
        ("create", new CreateTrial(Definition)),
        ("create differently", new CreateTrial(Definition with { Model = "dcgan" })),
        ("grant", new GrantLease([Ben])),
        ("change", new ChangeGang(1, [Ben], null, "", 20)),
        ("change late", new ChangeGang(0, [Ben], null, "", 20)),
        ("report", new ReportMetrics(1, Report(20, 40))),
        ("report again", new ReportMetrics(1, Report(10, 50))),
        ("report late", new ReportMetrics(0, Report(20, 40))),
        ("commit", new CommitCheckpoint(1, Manifest(20))),
        ("commit again", new CommitCheckpoint(1, Manifest(10))),
        ("commit late", new CommitCheckpoint(0, Manifest(20))),
        ("complete", new CompleteTrial(1, 30, "f00d")),
        ("complete otherwise", new CompleteTrial(1, 30, "beef")),
        ("complete late", new CompleteTrial(0, 30, "f00d")),
        ("lose", new EndLease(1, FailureClass.Lost, "anna fell silent")),
        ("lose late", new EndLease(0, FailureClass.Lost, "anna fell silent")),
        ("cancel", new CancelTrial("not wanted")),
        ("forgive", new ForgiveStalls()),
    ];

    [Fact]
    public void Every_command_has_one_answer_in_every_situation()
    {
        DecisionTable.Of(Situations, Commands, (given, command) => given.When(command).InAWord()).ShouldBe("""
                                missing       pending         running              waiting         succeeded    failed       cancelled
            create              TrialCreated  nothing         nothing              nothing         nothing      nothing      nothing
            create differently  TrialCreated  !Conflict       !Conflict            !Conflict       !Conflict    !Conflict    !Conflict
            grant               !Unknown      LeaseGranted    !WrongState          LeaseGranted    !WrongState  !WrongState  !WrongState
            change              !Unknown      !StaleEpoch     GangChanged          !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            change late         !Unknown      !StaleEpoch     !StaleEpoch          !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            report              !Unknown      !StaleEpoch     MetricsReported      !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            report again        !Unknown      !StaleEpoch     nothing              !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            report late         !Unknown      !StaleEpoch     !StaleEpoch          !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            commit              !Unknown      !StaleEpoch     CheckpointCommitted  !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            commit again        !Unknown      !StaleEpoch     nothing              !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            commit late         !Unknown      !StaleEpoch     !StaleEpoch          !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            complete            !Unknown      !StaleEpoch     TrialConcluded       !StaleEpoch     nothing      !StaleEpoch  !StaleEpoch
            complete otherwise  !Unknown      !StaleEpoch     TrialConcluded       !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            complete late       !Unknown      !StaleEpoch     !StaleEpoch          !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            lose                !Unknown      !StaleEpoch     LeaseEnded           !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            lose late           !Unknown      !StaleEpoch     !StaleEpoch          !StaleEpoch     !StaleEpoch  !StaleEpoch  !StaleEpoch
            cancel              !Unknown      TrialConcluded  TrialConcluded       TrialConcluded  nothing      nothing      nothing
            forgive             !Unknown      nothing         nothing              StallsForgiven  nothing      nothing      nothing
            """);
    }
}
