using GenCluster.Collectives.Frames;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Frames;

public sealed class FrameCursorTests
{
    [Theory]
    [InlineData(4, 4, 1, "P0 P1 S0 P2 S1 P3 S2 S3")]
    [InlineData(1, 1, 3, "P0 P0 P0 S0")]
    [InlineData(0, 2, 1, "S0 S1")]
    [InlineData(3, 0, 2, "P0 P0 P1 P1 P2 P2")]
    [InlineData(1, 5, 1, "P0 S0 S1 S2 S3 S4")]
    [InlineData(5, 1, 1, "P0 P1 S0 P2 P3 P4")]
    [InlineData(0, 0, 1, "")]
    public void Sums_follow_one_chunk_behind_the_partials(int receivers, int senders, int partials, string frames)
    {
        var cursor = new FrameCursor(Slice(receivers), Slice(senders), partials);
        var walked = new List<string>();
        for (; !cursor.Done; cursor.Next())
        {
            walked.Add($"{cursor.Kind.ToString()[0]}{cursor.Chunk}");
            cursor.Elements.ShouldBe(Slice(cursor.Kind == FrameKind.Partial ? receivers : senders).Chunk(cursor.Chunk));
        }

        string.Join(' ', walked).ShouldBe(frames);
        cursor.PartialsDone.ShouldBeTrue();
    }

    private static VectorSlice Slice(int chunks) => new(0, Math.Max(0, (chunks * VectorSlice.ChunkElements) - 5));
}
