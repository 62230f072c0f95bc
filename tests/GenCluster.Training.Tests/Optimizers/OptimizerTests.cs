using GenCluster.Core.Randomness;
using GenCluster.Training.Models;
using GenCluster.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace GenCluster.Training.Tests.Optimizers;

public sealed class OptimizerTests
{
    private const int Length = 256;

    /// <summary>Every option with its twin in torch, and how far they may be apart after a thousand updates.</summary>
    private static readonly Dictionary<string, (OptimizerOptions Ours, Func<Parameter, optim.Optimizer> Theirs)> Twins = new()
    {
        ["sgd"] = (new SgdOptions(1e-2), p => optim.SGD([p], 1e-2)),
        ["sgd, decay"] = (new SgdOptions(1e-2) { WeightDecay = 0.1 }, p => optim.SGD([p], 1e-2, weight_decay: 0.1)),
        ["sgd, momentum"] = (new SgdOptions(1e-3, Momentum: 0.9), p => optim.SGD([p], 1e-3, momentum: 0.9)),
        ["sgd, momentum, decay"] = (new SgdOptions(1e-3, 0.9) { WeightDecay = 0.01 }, p => optim.SGD([p], 1e-3, 0.9, weight_decay: 0.01)),
        ["sgd, dampened"] = (new SgdOptions(1e-2, 0.8, Dampening: 0.3), p => optim.SGD([p], 1e-2, 0.8, 0.3)),
        ["sgd, nesterov"] = (new SgdOptions(1e-3, 0.9, Nesterov: true), p => optim.SGD([p], 1e-3, 0.9, nesterov: true)),
        ["adam"] = (new AdamOptions(1e-3), p => optim.Adam([p])),
        ["adam, GAN"] = (new AdamOptions(2e-4, 0.5), p => optim.Adam([p], 2e-4, 0.5)),
        ["adam, no first moment"] = (new AdamOptions(1e-2, 0, 0.9, 1e-6), p => optim.Adam([p], 1e-2, 0, 0.9, 1e-6)),
        ["adam, decay"] = (new AdamOptions(1e-3) { WeightDecay = 0.1 }, p => optim.Adam([p], 1e-3, weight_decay: 0.1)),
        ["adamw"] = (new AdamWOptions(1e-3) { WeightDecay = 0.1 }, p => optim.AdamW([p], 1e-3, weight_decay: 0.1)),
        ["rmsprop"] = (new RMSpropOptions(1e-3), p => optim.RMSProp([p], 1e-3)),
        ["rmsprop, decay"] = (new RMSpropOptions(1e-3, 0.9, 1e-6) { WeightDecay = 0.1 }, p => optim.RMSProp([p], 1e-3, 0.9, 1e-6, 0.1)),
        ["rmsprop, momentum"] = (new RMSpropOptions(1e-4, Momentum: 0.9), p => optim.RMSProp([p], 1e-4, momentum: 0.9)),
        ["rmsprop, centered"] = (new RMSpropOptions(1e-3, Centered: true), p => optim.RMSProp([p], 1e-3, centered: true)),
    };

    public static TheoryData<string> Names => [.. Twins.Keys];

    // Some units of the last place: torch fuses products with sums and we do not, so a thousand roundings part their ways.
    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_torch_over_a_thousand_updates(string name)
    {
        var (options, twin) = Twins[name];
        var random = new RandomStream(3, new StreamAddress(StreamPurpose.Training));
        float[] ours = new float[Length], gradient = new float[Length], first = new float[Length], second = new float[Length];
        random.FillNormal(ours);
        using var scope = NewDisposeScope();
        var theirs = new Parameter(tensor(ours));
        using var optimizer = twin(theirs);

        for (int update = 1; update <= 1000; update++)
        {
            random.FillNormal(gradient);
            Optimizer.Update(options, ours, [.. gradient.Select(value => value * 4)], 0.25f, first, second, update);

            using var step = NewDisposeScope();
            theirs.grad = tensor(gradient);
            optimizer.step();
        }

        ours.Zip(theirs.detach().data<float>().ToArray(), UnitsApart).Max().ShouldBeLessThanOrEqualTo(10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_gradient_at_zero_no_change(string name)
    {
        float[] parameters = new float[32];

        for (int update = 1; update <= 3; update++)
            Optimizer.Update(Twins[name].Ours, parameters, new float[32], 1, new float[32], new float[32], update);

        parameters.ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void The_first_update_of_Adam_moves_every_parameter_by_the_learning_rate()
    {
        float[] parameters = new float[16], gradient = [.. Enumerable.Range(1, 16).Select(i => (float)i)];

        Optimizer.Update(new AdamOptions(0.01), parameters, gradient, 1, new float[16], new float[16], 1);

        parameters.ShouldAllBe(value => Math.Abs(value + 0.01f) < 1e-7f);
    }

    // One number at a time, as any processor does it; the vectors must not make a difference in any bit.
    [Fact]
    public void Vectors_give_the_bits_of_single_numbers()
    {
        var random = new RandomStream(5, new StreamAddress(StreamPurpose.Training));
        float[] ours = new float[Length], gradient = new float[Length], first = new float[Length], second = new float[Length];
        random.FillNormal(ours);
        float[] single = [.. ours], m = new float[Length], v = new float[Length];
        var options = new AdamOptions(1e-3, 0.9, 0.999) { WeightDecay = 0.01 };

        for (int update = 1; update <= 20; update++)
        {
            random.FillNormal(gradient);
            Optimizer.Update(options, ours, gradient, 0.125f, first, second, update);

            float rate = (float)(1e-3 / (1 - Math.Pow(0.9, update))), root = (float)Math.Sqrt(1 - Math.Pow(0.999, update));
            for (int i = 0; i < Length; i++)
            {
                float g = gradient[i] * 0.125f;
                g += 0.01f * single[i];
                m[i] = Sum(m[i] * 0.9f, g * (float)(1 - 0.9));
                v[i] = Sum(v[i] * 0.999f, g * g * (float)(1 - 0.999));
                single[i] -= rate * m[i] / (MathF.Sqrt(v[i]) / root + 1e-8f);
            }
        }

        ours.ShouldBe(single);
        first.ShouldBe(m);
        second.ShouldBe(v);
    }

    [Fact]
    public void Rmsprop_around_the_mean_stays_finite_where_the_gradient_does_not_change()
    {
        float[] parameters = new float[16], gradient = [.. Enumerable.Repeat(0.1f, 16)], first = new float[16], second = new float[16];

        for (int update = 1; update <= 20_000; update++)
            Optimizer.Update(new RMSpropOptions(1e-6, Centered: true), parameters, gradient, 1, first, second, update);

        parameters.ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 0.5)]
    public void Nesterov_without_momentum_or_with_dampening_is_refused(double momentum, double dampening) =>
        Should.Throw<ArgumentException>(() => Update(new SgdOptions(1, momentum, dampening, Nesterov: true))).Message
            .ShouldStartWith($"SGD with Nesterov's momentum wants a momentum above 0 and no dampening; here they are {momentum} and {dampening}");

    [Fact]
    public void Rmsprop_is_not_centered_with_momentum() =>
        Should.Throw<ArgumentException>(() => Update(new RMSpropOptions(1, Momentum: 0.5, Centered: true))).Message
            .ShouldStartWith("RMSprop is either centered or has momentum, both would take a third moment; here the momentum is 0.5");

    private static void Update(OptimizerOptions options) =>
        Optimizer.Update(options, new float[16], new float[16], 1, new float[16], new float[16], 1);

    /// <summary>A sum of rounded terms: in a method of its own no compiler can make one operation of product and sum.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static float Sum(float a, float b) => a + b;

    /// <summary>In units of the last place of the number, or of 1 where it is smaller: it was there when it was rounded.</summary>
    private static float UnitsApart(float value, float other)
    {
        float magnitude = Math.Max(1, Math.Abs(value));
        return Math.Abs(value - other) / (float.BitIncrement(magnitude) - magnitude);
    }
}
