using GenCluster.Collectives.Codecs;
using GenCluster.Collectives.Tree;

namespace GenCluster.Collectives.Tests.Codecs;

public sealed class CodedTreeTests
{
    public static TheoryData<string> All => Gradients.AllCodecs;

    [Fact]
    public void Without_a_code_it_is_the_tree_of_additions()
    {
        float[][] shards = [.. Enumerable.Range(0, 4).Select(shard => Gradients.Wild(shard, 300))];

        var sum = new CodedTree(Codec.None, 4, 300).Sum(shards);

        sum.Bits().ShouldBe([.. Enumerable.Range(0, 300).Select(i => BitConverter.SingleToUInt32Bits(shards[0][i] + shards[1][i] + (shards[2][i] + shards[3][i])))]);
    }

    [Fact]
    public void Every_node_is_encoded_and_keeps_what_its_code_left_out()
    {
        var tree = new CodedTree(Codec.TopK(0.5), 2, 2);

        tree.Sum([[4f, 3f], [1f, 2f]]).ShouldBe([4f, 0f]);

        tree.Residual(new TreeNode(0, 0)).ToArray().ShouldBe([0f, 3f]);
        tree.Residual(new TreeNode(0, 1)).ToArray().ShouldBe([1f, 0f]);
        tree.Residual(new TreeNode(1, 0)).ToArray().ShouldBe([0f, 2f]);
        tree.Sum([[0f, 0f], [0f, 0f]]).ShouldBe([0f, 5f], "3 from a leaf and 2 from the root; the 1 of the other leaf waits in the root now");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_mean_over_many_steps_approaches_the_true_sum(string name)
    {
        const int Steps = 400, Shards = 4, Length = 200;
        float[][] shards = [.. Enumerable.Range(0, Shards).Select(shard => Gradients.Drawn(shard, Length))];
        var tree = new CodedTree(Gradients.CodecOf(name), Shards, Length);
        var mean = new double[Length];
        for (var step = 0; step < Steps; step++)
        {
            var sum = tree.Sum(shards);
            for (var i = 0; i < Length; i++)
            {
                mean[i] += (double)sum[i] / Steps;
            }
        }

        double[] truth = [.. Enumerable.Range(0, Length).Select(i => shards.Sum(shard => (double)shard[i]))];
        var error = Math.Sqrt(truth.Zip(mean).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / truth.Sum(t => t * t));
        error.ShouldBeLessThan(name == "top-k 0.01" ? 0.5 : 0.02);
    }

    [Fact]
    public void Shards_are_a_power_of_two()
    {
        Should.Throw<ArgumentException>(() => new CodedTree(Codec.Bf16, 3, 1)).Message.ShouldContain("3 shards");
    }
}
