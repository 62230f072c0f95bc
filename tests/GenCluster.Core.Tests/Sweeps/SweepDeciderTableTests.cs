using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Sweeps;

/// <summary>Every command in every situation of a sweep of three trials, two at a time. Refusals begin with an exclamation mark.</summary>
public sealed class SweepDeciderTableTests
{
    private static readonly ISweepEvent[] New = [new SweepSubmitted(Sweep, Spec)];
    private static readonly ISweepEvent[] Running = [.. New, Proposed(1)];
    private static readonly ISweepEvent[] LastRunning = [.. Running, Proposed(2), Ended(1), Ended(2), Proposed(3)];

    private static readonly (string, SweepScenario)[] Situations =
    [
        ("missing", SweepScenario.Given()),
        ("new", SweepScenario.Given(New)),
        ("running", SweepScenario.Given(Running)),
        ("last running", SweepScenario.Given(LastRunning)),
        ("halted", SweepScenario.Given([.. Running, new SweepHalted("the disk is full")])),
        ("succeeded", SweepScenario.Given([.. LastRunning, Ended(3), new SweepEnded(SweepPhase.Succeeded)])),
        ("failed", SweepScenario.Given([.. LastRunning, new SweepEnded(SweepPhase.Failed)])),
    ];

    private static readonly (string, ISweepCommand)[] Commands =
    [
        ("submit", new SubmitSweep(Spec)),
        ("submit differently", new SubmitSweep(Spec with { Budget = new BudgetSpec(9) })),
        ("propose 1 and 2", new TakeProposals([new Proposal(1, LearningRate(1)), new Proposal(2, LearningRate(2))])),
        ("propose 1", new TakeProposals([new Proposal(1, LearningRate(1))])),
        ("outcome of 1", new RecordOutcome(1, Succeeded(5))),
        ("outcome of 3", new RecordOutcome(3, Succeeded(5))),
        ("outcome of 9", new RecordOutcome(9, Succeeded(5))),
        ("halt", new HaltSweep("the disk is full")),
    ];

    [Fact]
    public void Every_command_has_one_answer_in_every_situation()
    {
        DecisionTable.Of(Situations, Commands, (given, command) => given.When(command).InAWord()).ShouldBe("""
                                missing         new                          running        last running           halted        succeeded  failed
            submit              SweepSubmitted  nothing                      nothing        nothing                SweepResumed  nothing    nothing
            submit differently  SweepSubmitted  !Conflict                    !Conflict      !Conflict              !Conflict     !Conflict  !Conflict
            propose 1 and 2     !Unknown        TrialProposed+TrialProposed  TrialProposed  nothing                nothing       nothing    nothing
            propose 1           !Unknown        TrialProposed                nothing        nothing                nothing       nothing    nothing
            outcome of 1        !Unknown        !Unknown                     TrialEnded     nothing                TrialEnded    nothing    nothing
            outcome of 3        !Unknown        !Unknown                     !Unknown       TrialEnded+SweepEnded  !Unknown      nothing    TrialEnded
            outcome of 9        !Unknown        !Unknown                     !Unknown       !Unknown               !Unknown      !Unknown   !Unknown
            halt                !Unknown        SweepHalted                  SweepHalted    SweepHalted            nothing       nothing    nothing
            """);
    }

    private static TrialProposed Proposed(int number) => new(number, LearningRate(number));

    private static TrialEnded Ended(int number) => new(number, Succeeded(number));
}
