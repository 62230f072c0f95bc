using FsCheck.Xunit;
using GenCluster.Collectives.Codecs;

namespace GenCluster.Collectives.Tests.Codecs;

public sealed class CodedNodeTests
{
    public static TheoryData<string> All => Gradients.AllCodecs;

    [Fact]
    public void What_is_left_out_is_added_to_the_next_vector()
    {
        var codec = Codec.TopK(0.5);
        float[] residual = [0f, 0f];

        float[] first = [3f, 2f], second = [3f, 2f];
        CodedNode.Round(codec, first, residual);
        residual.ShouldBe([0f, 2f]);
        CodedNode.Round(codec, second, residual);

        first.ShouldBe([3f, 0f]);
        second.ShouldBe([0f, 4f], "2 and the 2 from before are more than 3");
        residual.ShouldBe([3f, 0f]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_vector_becomes_what_its_code_says(string name)
    {
        var codec = Gradients.CodecOf(name);
        var (vector, residual) = (Gradients.Drawn(1, 9_000), Gradients.Drawn(2, 9_000));
        var (same, sameResidual) = (vector.ToArray(), residual.ToArray());
        var encoded = new byte[codec.EncodedBytes(vector.Length)];

        CodedNode.Encode(codec, vector, residual, encoded);
        CodedNode.Round(codec, same, sameResidual);

        codec.Decoded(encoded, vector.Length).Bits().ShouldBe(vector.Bits());
        same.Bits().ShouldBe(vector.Bits(), "with the code or without");
        sameResidual.Bits().ShouldBe(residual.Bits());
    }

    [Fact]
    public void An_exact_code_changes_nothing_and_needs_no_residual()
    {
        var vector = Gradients.Wild(3, 5_000);
        var before = vector.Bits();

        CodedNode.Round(Codec.None, vector, []);
        CodedNode.Encode(Codec.None, vector, [], new byte[4 * vector.Length]);

        vector.Bits().ShouldBe(before);
    }

    [Property(MaxTest = 60)]
    public void Nothing_is_lost_values_and_residual_together_are_what_came_in(int seed)
    {
        foreach (string name in Gradients.AllCodecs.Select(row => row.Data).Where(name => name != "none"))
        {
            var residual = new float[500];
            var (came, went) = (new double[500], new double[500]);
            for (var step = 0; step < 5; step++)
            {
                var vector = Gradients.Drawn(HashCode.Combine(seed, step), 500);
                AddTo(came, vector);
                CodedNode.Round(Gradients.CodecOf(name), vector, residual);
                AddTo(went, vector);
            }

            AddTo(went, residual);
            for (var i = 0; i < came.Length; i++)
            {
                went[i].ShouldBe(came[i], 1e-5, name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_mean_over_many_steps_approaches_the_true_one_as_one_over_the_number_of_steps(string name)
    {
        const int Steps = 1_000;
        var codec = Gradients.CodecOf(name);
        var (truth, residual, total) = (Gradients.Drawn(4, 300), new float[300], new double[300]);
        for (var step = 0; step < Steps; step++)
        {
            var vector = truth.ToArray();
            CodedNode.Round(codec, vector, residual);
            AddTo(total, vector);
        }

        // Top-k leaves an element out until what waits is among the largest: with the share r kept, about 1/r steps of the largest.
        var largest = truth.Max(Math.Abs);
        for (var i = 0; i < truth.Length; i++)
        {
            (total[i] / Steps).ShouldBe(truth[i], 200 * largest / Steps, name);
        }

        var squares = Enumerable.Range(0, truth.Length).Sum(i => Math.Pow((total[i] / Steps) - truth[i], 2));
        squares.ShouldBeLessThan(0.1 * truth.Sum(element => (double)element * element));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Values_that_are_not_finite_leave_nothing_behind(string name)
    {
        var codec = Gradients.CodecOf(name);
        var residual = new float[5_000];
        for (var step = 0; step < 20; step++)
        {
            CodedNode.Round(codec, Gradients.Wild(step, residual.Length), residual);
        }

        residual.ShouldAllBe(element => float.IsFinite(element));
        residual.Bits().ShouldNotContain(0x8000_0000u, "a zero is +0, so that adding zeros to a copy changes no bit");
    }

    [Fact]
    public void A_residual_of_another_length_is_refused()
    {
        Should.Throw<ArgumentException>(() => CodedNode.Round(Codec.Int8, new float[4], new float[5])).Message.ShouldContain("a vector of 4 elements has a residual of 5");
    }

    private static void AddTo(double[] total, float[] vector)
    {
        for (var i = 0; i < total.Length; i++)
        {
            total[i] += vector[i];
        }
    }
}
