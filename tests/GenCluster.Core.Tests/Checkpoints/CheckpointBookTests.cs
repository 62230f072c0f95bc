using GenCluster.Core.Checkpoints;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Checkpoints;

public sealed class CheckpointBookTests
{
    [Fact]
    public void What_was_stored_stays_until_the_journal_has_decided_on_it()
    {
        var book = CheckpointBook.Empty.Lead(1, [Manifest(10)]).Store(Manifest(20)).Store(Manifest(30)).Store(Manifest(40));
        book.Live.ShouldBe([Manifest(10), Manifest(20), Manifest(30), Manifest(40)]);

        book = book.Hear(1, 30, [Manifest(30), Manifest(10)]);

        book.Live.ShouldBe([Manifest(30), Manifest(10), Manifest(40)]);
    }

    [Fact]
    public void An_answer_that_comes_after_a_newer_one_is_void()
    {
        var book = CheckpointBook.Empty.Lead(1, []).Store(Manifest(10)).Store(Manifest(20)).Hear(1, 20, [Manifest(20), Manifest(10)]);

        book.Hear(1, 10, [Manifest(10)]).ShouldBe(book);
        book.Hear(1, 20, [Manifest(20)]).ShouldBe(book);
    }

    [Fact]
    public void An_answer_of_a_lease_before_the_one_it_leads_under_is_void()
    {
        var book = CheckpointBook.Empty.Lead(1, []).Store(Manifest(10)).Lead(3, [Manifest(20), Manifest(10)]);

        book.Hear(1, 10, [Manifest(10)]).ShouldBe(book, "somebody else led under the second");
    }

    [Fact]
    public void Being_told_of_a_checkpoint_that_is_passed_over_decides_on_no_other()
    {
        var book = CheckpointBook.Empty.Lead(1, [Manifest(10)]).Store(Manifest(20)).Lead(3, [Manifest(10)]).Store(Manifest(20));

        book.Hear(3, 10, [Manifest(10)]).Live.ShouldContain(Manifest(20), "the first of step 20 came from before the fence; the second is on its way");
    }

    [Fact]
    public void An_order_adds_what_others_committed_and_takes_nothing_away()
    {
        var book = CheckpointBook.Empty.Lead(1, []).Store(Manifest(10)).Hear(1, 10, [Manifest(10)]).Lead(2, [Manifest(20)]);

        book.Live.ShouldBe([Manifest(10), Manifest(20)], ignoreOrder: true);
    }
}
