using GenCluster.Core.Parameters;
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

    private static readonly ISweepEvent[] Judging =
    [
        new SweepSubmitted(Sweep, Spec with { EarlyStopping = new EarlyStoppingSpec("asha", Assignment.Empty), Budget = new BudgetSpec(1, WallClockSeconds: 60) }, At: 1_000),
        new TrialProposed(1, LearningRate(1), 10), new TrialReported(1, Report(10, 50)), new TrialArrived(1, 10), new TrialProposed(2, LearningRate(2)),
    ];

    /// <summary>Trial 1 waits at step 10, trial 2 runs.</summary>
    private static readonly (string, SweepScenario)[] Phases =
    [
        ("running", SweepScenario.Given(Judging)),
        ("paused", SweepScenario.Given([.. Judging, Said(Verb.Pause, SweepPhase.Paused)])),
        ("stopping", SweepScenario.Given([.. Judging, Said(Verb.Stop, SweepPhase.Stopping)])),
        ("halted", SweepScenario.Given([.. Judging, new SweepHalted("the disk is full")])),
        ("failed", SweepScenario.Given([.. Judging, new TrialEnded(2, Failed), new SweepEnded(SweepPhase.Failed)])),
        ("cancelled", SweepScenario.Given([.. Judging, Said(Verb.Cancel, SweepPhase.Stopping), new SweepEnded(SweepPhase.Cancelled)])),
    ];

    private static readonly (string, ISweepCommand)[] Later =
    [
        ("pause", new ControlSweep(Verb.Pause, null, "ada")),
        ("resume", new ControlSweep(Verb.Resume, null, "ada")),
        ("stop", new ControlSweep(Verb.Stop, null, "ada")),
        ("cancel", new ControlSweep(Verb.Cancel, null, "ada")),
        ("retry", new ControlSweep(Verb.Retry, null, "ada")),
        ("pause trial 2", new ControlSweep(Verb.Pause, 2, "ada")),
        ("resume trial 2", new ControlSweep(Verb.Resume, 2, "ada")),
        ("stop trial 2", new ControlSweep(Verb.Stop, 2, "ada")),
        ("cancel trial 2", new ControlSweep(Verb.Cancel, 2, "ada")),
        ("retry trial 2", new ControlSweep(Verb.Retry, 2, "ada")),
        ("pause trial 9", new ControlSweep(Verb.Pause, 9, "ada")),
        ("edit", new EditSweep(1, Spec with { EarlyStopping = new EarlyStoppingSpec("median", Assignment.Empty) }, "ada")),
        ("edit an older one", new EditSweep(0, Spec with { Search = Spec.Search with { MaxTrials = 9 } }, "ada")),
        ("edit what is fixed", new EditSweep(1, Spec with { Data = Spec.Data with { ImageSize = 64 } }, "ada")),
        ("report of 2", new RecordReport(2, Report(10, 40), null)),
        ("report of 2, judged", new RecordReport(2, Report(10, 60), new Ruling(10, "too high"))),
        ("report of 1 again", new RecordReport(1, Report(10, 50), new Ruling(10, "too high"))),
        ("arrival of 1 again", new RecordArrival(1, 10)),
        ("arrival of 2", new RecordArrival(2, 10)),
        ("move 1 on", new TakeMoves([new Move.Resume(1, 20)])),
        ("move 1 out", new TakeMoves([new Move.Prune(1, new Ruling(10, "not among the best"))])),
        ("replace 1", new TakeMoves([new Move.Replace(1, new Ruling(10, "worst"), 2, 10, LearningRate(3), 20)])),
        ("move 2, which runs", new TakeMoves([new Move.Resume(2, 20)])),
        ("leftovers", new PruneLeftovers()),
        ("nothing to propose", new ExhaustSearch()),
        ("time is over", new CheckBudget(61_000, 0)),
        ("time is not over", new CheckBudget(60_999, 0)),
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

    [Fact]
    public void Every_verb_report_and_move_has_one_answer_in_every_phase()
    {
        DecisionTable.Of(Phases, Later, (given, command) => given.When(command).InAWord()).ShouldBe("""
                                 running                     paused                      stopping                    halted                      failed           cancelled
            pause                SweepControlled             nothing                     !WrongState                 !WrongState                 !WrongState      !WrongState
            resume               nothing                     SweepControlled             !WrongState                 SweepResumed                !WrongState      !WrongState
            stop                 SweepControlled             SweepControlled             nothing                     !WrongState                 nothing          nothing
            cancel               SweepControlled+SweepEnded  SweepControlled+SweepEnded  SweepControlled+SweepEnded  SweepControlled+SweepEnded  nothing          nothing
            retry                nothing                     nothing                     nothing                     !WrongState                 SweepControlled  !WrongState
            pause trial 2        SweepControlled             SweepControlled             SweepControlled             SweepControlled             !WrongState      !WrongState
            resume trial 2       nothing                     nothing                     nothing                     nothing                     !WrongState      !WrongState
            stop trial 2         SweepControlled             SweepControlled             SweepControlled             SweepControlled             nothing          nothing
            cancel trial 2       SweepControlled             SweepControlled             SweepControlled             SweepControlled             nothing          nothing
            retry trial 2        nothing                     nothing                     nothing                     nothing                     SweepControlled  nothing
            pause trial 9        !Unknown                    !Unknown                    !Unknown                    !Unknown                    !Unknown         !Unknown
            edit                 SweepEdited                 SweepEdited                 SweepEdited                 SweepEdited                 !WrongState      !WrongState
            edit an older one    !Conflict                   !Conflict                   !Conflict                   !Conflict                   !WrongState      !WrongState
            edit what is fixed   !Conflict                   !Conflict                   !Conflict                   !Conflict                   !WrongState      !WrongState
            report of 2          TrialReported               TrialReported               TrialReported               TrialReported               nothing          TrialReported
            report of 2, judged  TrialReported+TrialJudged   TrialReported+TrialJudged   TrialReported+TrialJudged   TrialReported+TrialJudged   nothing          TrialReported
            report of 1 again    nothing                     nothing                     nothing                     nothing                     nothing          nothing
            arrival of 1 again   nothing                     nothing                     nothing                     nothing                     nothing          nothing
            arrival of 2         nothing                     nothing                     nothing                     nothing                     nothing          nothing
            move 1 on            TrialMoved                  nothing                     TrialMoved                  nothing                     nothing          nothing
            move 1 out           TrialMoved                  nothing                     TrialMoved                  nothing                     nothing          nothing
            replace 1            TrialMoved                  nothing                     TrialMoved                  nothing                     nothing          nothing
            move 2, which runs   nothing                     nothing                     nothing                     nothing                     nothing          nothing
            leftovers            nothing                     nothing                     nothing                     nothing                     nothing          nothing
            nothing to propose   SearchExhausted             nothing                     nothing                     nothing                     nothing          nothing
            time is over         SweepEnded                  SweepEnded                  SweepEnded                  SweepEnded                  nothing          nothing
            time is not over     nothing                     nothing                     nothing                     nothing                     nothing          nothing
            """);
    }

    private static SweepControlled Said(Verb verb, SweepPhase phase) => new(verb, null, "ada", phase);

    private static TrialProposed Proposed(int number) => new(number, LearningRate(number));

    private static TrialEnded Ended(int number) => new(number, Succeeded(number));
}
