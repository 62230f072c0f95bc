using GenCluster.Core.Trials;
using GenCluster.Worker.Programs;

namespace GenCluster.Worker.Tests.Programs;

public sealed class ExitVerdictTests
{
    [Theory]
    [InlineData(42, FailureClass.UserError, "the program says that its input is wrong (exit code 42); it said last: bad lr")]
    [InlineData(1, FailureClass.UserError, "the program ended with exit code 1; it said last: bad lr")]
    [InlineData(137, FailureClass.Lost, "the program was killed by SIGKILL, and not by us; it said last: bad lr")]
    [InlineData(139, FailureClass.UserError, "the program crashed (signal 11); it said last: bad lr")]
    [InlineData(143, FailureClass.UserError, "the program was ended by a SIGTERM that is not ours; it said last: bad lr")]
    [InlineData(127, FailureClass.UserError, "bad lr")]
    public void An_exit_code_has_a_class_and_a_sentence(int code, FailureClass failure, string message)
    {
        var verdict = ExitVerdict.Of(code, sawMemoryKill: false, madeProgress: true, hasObjective: true, "loss", "bad lr").ShouldNotBeNull();

        verdict.Failure.ShouldBe(failure);
        verdict.Message.ShouldBe(message);
    }

    [Fact]
    public void Zero_is_success_where_there_is_a_value_of_the_objective()
    {
        ExitVerdict.Of(0, false, true, hasObjective: true, "loss", "").ShouldBeNull();
        var verdict = ExitVerdict.Of(0, false, false, hasObjective: false, "loss", "").ShouldNotBeNull();
        verdict.Failure.ShouldBe(FailureClass.UserError);
        verdict.Message.ShouldStartWith("the program ended well without a value of 'loss'; write it as a line of JSON, such as {\"loss\": 0.5}, or as loss=0.5; it said nothing");
    }

    [Fact]
    public void A_program_that_asks_to_be_started_again_is_preempted_only_if_it_made_progress()
    {
        ExitVerdict.Of(75, false, madeProgress: true, true, "loss", "")!.Failure.ShouldBe(FailureClass.Preempted);
        ExitVerdict.Of(75, false, madeProgress: false, true, "loss", "")!.Failure.ShouldBe(FailureClass.Lost); // else it would go on for ever
    }

    [Theory]
    [InlineData(137, true, "")]
    [InlineData(1, false, "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB")]
    [InlineData(1, false, "Traceback | MemoryError")]
    public void Want_of_memory_is_recognised(int code, bool sawMemoryKill, string said) =>
        ExitVerdict.Of(code, sawMemoryKill, true, true, "loss", said)!.Failure.ShouldBe(FailureClass.OutOfMemory);
}
