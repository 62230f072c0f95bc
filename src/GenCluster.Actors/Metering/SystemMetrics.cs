using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Hosting;
using GenCluster.Actors.Serialization;
using GenCluster.Core.Metrics;

namespace GenCluster.Actors.Metering;

/// <summary>Where the numbers of an actor system go: nowhere, unless its host says so.</summary>
public static class SystemMetrics
{
    /// <summary>Lets the system's actors record here, and counts what goes astray in it.</summary>
    public static AkkaConfigurationBuilder AddMetrics(this AkkaConfigurationBuilder akka, IMetricRecorder recorder) => recorder == IMetricRecorder.None ? akka : akka
        .AddSetup(new RecorderSetup(recorder))
        .AddStartup((system, _) => Watch(system, recorder));

    internal static IMetricRecorder RecorderOf(ActorSystem system) => system.Settings.Setup.Get<RecorderSetup>() is { HasValue: true } setup ? setup.Value.Recorder : IMetricRecorder.None;

    private static void Watch(ActorSystem system, IMetricRecorder recorder)
    {
        var refused = recorder.Series(MetricCatalogue.WireMessagesRefused);
        recorder.BeforeReading(() => refused.RaiseTo(RefusedMessages.Total)); // of the process, which has one system
        var letters = recorder.Series(MetricCatalogue.DeadLetters);
        var counter = system.ActorOf(Props.Create(() => new DeadLetterCounter(letters)), "dead-letter-counter");
        system.EventStream.Subscribe(counter, typeof(DeadLetter));
    }

    private sealed class RecorderSetup(IMetricRecorder recorder) : Setup
    {
        public IMetricRecorder Recorder { get; } = recorder;
    }

    private sealed class DeadLetterCounter : ReceiveActor
    {
        public DeadLetterCounter(IMetricSeries count)
        {
            Receive<DeadLetter>(_ => count.Record());
        }
    }
}
