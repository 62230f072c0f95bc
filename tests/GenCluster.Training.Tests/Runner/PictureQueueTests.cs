using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Training.Runner;

namespace GenCluster.Training.Tests.Runner;

public sealed class PictureQueueTests : IDisposable
{
    private readonly RunControl control = new(TimeProvider.System);
    private readonly PictureQueue queue;

    public PictureQueueTests()
    {
        queue = new PictureQueue(control);
    }

    public void Dispose() => control.Dispose();

    [Fact]
    public void What_waits_under_one_leadership_is_written_under_the_next()
    {
        Draw(1, 2);
        WrittenBy(queue).ShouldBeEmpty("the lease is not sure");

        Confirm();

        WrittenBy(queue).ShouldBe([1, 2]);
        WrittenBy(queue).ShouldBeEmpty("once is enough");
    }

    [Fact]
    public void What_will_be_drawn_again_is_forgotten()
    {
        Draw(1, 2, 3);

        queue.ResumeAt(2);

        Confirm();
        WrittenBy(queue).ShouldBe([1, 2]);
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many()
    {
        Draw([.. Enumerable.Range(0, PictureQueue.Capacity + 3)]);

        Confirm();

        WrittenBy(queue).ShouldBe(Enumerable.Range(3, PictureQueue.Capacity));
    }

    private void Confirm() => control.Confirm(TimeProvider.System.GetTimestamp(), TimeSpan.FromHours(1));

    private void Draw(params int[] steps)
    {
        foreach (int step in steps)
            queue.Add(step, new SamplePicture(1, 1, 1, [0]));
    }

    private static List<int> WrittenBy(PictureQueue queue)
    {
        using var artifacts = new Folder();
        queue.WriteTo(artifacts);
        return artifacts.Written;
    }

    private sealed class Folder : ITrialArtifacts
    {
        public List<int> Written { get; } = [];

        public void ResumeAt(int step)
        {
        }

        public void AppendMetrics(int step, IReadOnlyList<Metric> metrics)
        {
        }

        public void WriteSamples(int step, SamplePicture grid) => Written.Add(step);

        public void WriteWeights(Action<Stream> write)
        {
        }

        public void Dispose()
        {
        }
    }
}
