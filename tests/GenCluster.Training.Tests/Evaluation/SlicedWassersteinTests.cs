using GenCluster.Core.Randomness;
using GenCluster.Core.Sweeps;
using GenCluster.Training.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace GenCluster.Training.Tests.Evaluation;

public sealed class SlicedWassersteinTests
{
    private const ulong Seed = 7;

    private static readonly EvaluationSpec Spec = new(Samples: 64, PatchesPerImage: 8, Projections: 32);

    [Fact]
    public void States_its_protocol()
    {
        using var distance = new SlicedWasserstein(new EvaluationSpec(512, 16, 128), 1, 32, Seed);

        distance.Protocol.ShouldBe("swd: 512 samples, 16 patches/image, 128 projections, levels 32+16, x1e3");
    }

    [Fact]
    public void A_set_is_at_distance_zero_from_itself()
    {
        using var scope = NewDisposeScope();

        Between(Blobs(0), Blobs(0)).ShouldBe(0);
    }

    [Fact]
    public void The_distance_is_symmetric()
    {
        using var scope = NewDisposeScope();

        Between(Blobs(0), Blobs(64)).ShouldBe(Between(Blobs(64), Blobs(0)));
    }

    [Fact]
    public void Grows_with_noise()
    {
        using var scope = NewDisposeScope();
        var noise = Noise(64, 1, 32, 32);
        double same = Between(Blobs(0), Blobs(64));

        double[] distances = [.. new[] { 0.05, 0.2, 1 }.Select(amount => Between(Blobs(0), Blobs(64) + amount * noise))];

        distances.Prepend(same).ShouldBeInOrder();
    }

    [Fact]
    public void Grows_with_blur()
    {
        using var scope = NewDisposeScope();
        double same = Between(Blobs(0), Blobs(64));

        double[] distances = [.. new[] { 3, 5, 9 }.Select(width => Between(Blobs(0), Blurred(Blobs(64), width)))];

        distances.Prepend(same).ShouldBeInOrder();
    }

    [Fact]
    public void One_image_repeated_is_far_away()
    {
        using var scope = NewDisposeScope();

        double collapsed = Between(Blobs(0), Blobs(64)[..1].expand(64, 1, 32, 32).contiguous());

        collapsed.ShouldBeGreaterThan(2 * Between(Blobs(0), Blobs(64)));
    }

    [Fact]
    public void Blank_images_have_a_finite_distance_and_broken_ones_have_none()
    {
        using var scope = NewDisposeScope();
        var broken = Blobs(0);
        broken[3] = float.NaN;

        double.IsFinite(Between(Blobs(0), zeros(64, 1, 32, 32))).ShouldBeTrue();
        Between(Blobs(0), broken).ShouldBe(double.NaN);
    }

    [Fact]
    public void Is_the_same_to_the_bit_each_time()
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);

        Between(Blobs(0), Blobs(64)).ShouldBe(Between(Blobs(0), Blobs(64)));
    }

    [Fact]
    public void Other_seeds_cut_other_patches()
    {
        using var scope = NewDisposeScope();

        Between(Blobs(0), Blobs(64), seed: 8).ShouldNotBe(Between(Blobs(0), Blobs(64)));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(3, 16)]
    public void Agrees_with_a_plain_computation_from_the_definition(int channels, int size)
    {
        using var scope = NewDisposeScope();
        var spec = new EvaluationSpec(Samples: 5, PatchesPerImage: 3, Projections: 4);
        Tensor left = Noise(5, channels, size, size), right = left.abs().sqrt() + 1;
        using var distance = new SlicedWasserstein(spec, channels, size, Seed);
        using Projections a = distance.Project(left), b = distance.Project(right);

        double plain = PlainDistance.Between(left, right, spec, Seed);

        SlicedWasserstein.Distance(a, b).ShouldBe(plain, plain * 1e-5);
    }

    [Fact]
    public void Refuses_another_number_of_images_than_the_protocol_states()
    {
        using var scope = NewDisposeScope();
        using var distance = new SlicedWasserstein(Spec, 1, 32, Seed);

        Should.Throw<ArgumentException>(() => distance.Project(zeros(10, 1, 32, 32))).Message
            .ShouldStartWith("10 images given; the protocol takes 64");
    }

    [Fact]
    public void Leaves_no_tensor_behind()
    {
        using var images = Blobs(0);
        Between(images, images);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Between(images, images);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    private static double Between(Tensor left, Tensor right, ulong seed = Seed)
    {
        using var distance = new SlicedWasserstein(Spec, 1, 32, seed);
        using Projections a = distance.Project(left), b = distance.Project(right);
        return SlicedWasserstein.Distance(a, b);
    }

    // Sharp white boxes of random place and size on black, image i always the same.
    private static Tensor Blobs(int from)
    {
        var images = full([64, 1, 32, 32], -1f);
        for (int i = 0; i < 64; i++)
        {
            var stream = new RandomStream(Seed, new StreamAddress(StreamPurpose.Samples, (uint)(from + i)));
            int top = stream.NextInt(16), left = stream.NextInt(16), height = 6 + stream.NextInt(10), width = 6 + stream.NextInt(10);
            images[i, 0, top..(top + height), left..(left + width)] = 1;
        }

        return images;
    }

    private static Tensor Blurred(Tensor images, int width) =>
        nn.functional.avg_pool2d(images, width, 1, width / 2, count_include_pad: false);

    private static Tensor Noise(params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        new RandomStream(Seed, new StreamAddress(StreamPurpose.Dropout)).FillNormal(values);
        return tensor(values, shape);
    }
}
