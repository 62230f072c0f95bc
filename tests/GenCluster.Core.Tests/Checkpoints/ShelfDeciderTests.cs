using GenCluster.Core.Checkpoints;
using GenCluster.Core.Decisions;
using GenCluster.Core.Tests.Support;

namespace GenCluster.Core.Tests.Checkpoints;

public sealed class ShelfDeciderTests
{
    private static readonly BlobKey A = new(7, "a"), B = new(7, "b"), C = new(12, "a");

    [Fact]
    public void A_blob_is_begun_completed_and_removed_once_each()
    {
        var begun = After(ShelfState.Empty, new BeginBlob(A, 5));
        begun.Find(A).ShouldBe(new ShelvedBlob(5, IsComplete: false));
        ShelfDecider.Decide(begun, new BeginBlob(A, 5)).ThenNothing();

        var complete = After(begun, new CompleteBlob(A));
        complete.Find(A).ShouldBe(new ShelvedBlob(5, IsComplete: true));
        ShelfDecider.Decide(complete, new CompleteBlob(A)).ThenNothing();

        var removed = After(complete, new RemoveBlob(A));
        removed.Find(A).ShouldBeNull();
        ShelfDecider.Decide(removed, new RemoveBlob(A)).ThenNothing();
    }

    [Fact]
    public void What_was_removed_while_it_was_put_is_not_completed() =>
        ShelfDecider.Decide(ShelfState.Empty, new CompleteBlob(A)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.Unknown);

    [Fact]
    public void A_blob_has_one_length() =>
        ShelfDecider.Decide(After(ShelfState.Empty, new BeginBlob(A, 5)), new BeginBlob(A, 6)).Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.Conflict);

    [Fact]
    public void Blobs_are_listed_by_space_and_hash_from_any_of_them_on()
    {
        var state = After(ShelfState.Empty, new BeginBlob(C, 1), new BeginBlob(B, 1), new BeginBlob(A, 1));

        state.After(new BlobKey(-1, "")).ShouldBe([A, B, C]);
        state.After(A).ShouldBe([B, C]);
        state.After(C).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(32768, 1, 32768)]
    [InlineData(32769, 2, 1)]
    [InlineData(8388608, 256, 32768)]
    public void Pieces_are_of_32_KiB_and_the_last_one_has_the_rest(int length, int pieces, int last)
    {
        ShelfState.PiecesOf(length).ShouldBe(pieces);
        ShelfState.LengthOf(pieces - 1, length).ShouldBe(last);
    }

    private static ShelfState After(ShelfState state, params IShelfCommand[] commands) =>
        commands.SelectMany(command => ShelfDecider.Decide(state, command).Events).Aggregate(state, ShelfDecider.Apply);
}
