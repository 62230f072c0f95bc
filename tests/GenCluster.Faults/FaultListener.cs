using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GenCluster.Faults;

/// <summary>Listens to the program that it is loaded into, tells of its steps, and strikes it where a fault says so.</summary>
internal sealed partial class FaultListener : EventListener
{
    private const int SigKill = 9, SigStop = 19;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    // A listener hears of sources before its constructor ends.
    private static FaultFolder folder = null!;
    private static FaultListener? listener;
    private volatile Armed[] armed = [];

    public static void Listen(FaultFolder told)
    {
        folder = told;
        listener = new FaultListener();
        listener.Look();
        new Thread(listener.KeepLooking) { IsBackground = true, Name = "faults" }.Start();
        folder.Tell("begins");
    }

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name.StartsWith("GenCluster-", StringComparison.Ordinal))
            EnableEvents(source, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs written)
    {
        foreach (var fault in armed)
        {
            if (fault.What.IsAt(written) && fault.Counts() && FaultFolder.Claim(fault.File))
                Strike(fault.What, written);
        }

        if (written.EventName is "Step" or "Gang" or "Acknowledged")
            folder.Tell(Describe(written));
    }

    private static void Strike(Fault fault, EventWrittenEventArgs written)
    {
        folder.Tell($"strikes {fault.Action} at {Describe(written)}");
        switch (fault.Action)
        {
            case Fault.Kill:
                _ = Signal(Environment.ProcessId, SigKill);
                break;
            case Fault.Stop:
                _ = Signal(Environment.ProcessId, SigStop);
                folder.Tell("goes on");
                break;
            case Fault.Deafen:
                Network.Deafen();
                break;
            case Fault.Cut or Fault.Impair:
                new Thread(() =>
                {
                    Action<TimeSpan> harm = fault.Action == Fault.Cut ? Network.Cut : Network.Impair;
                    harm(TimeSpan.FromMilliseconds(fault.Milliseconds));
                    folder.Tell("goes on");
                })
                { IsBackground = true, Name = "network" }.Start();
                break;
        }
    }

    /// <summary><c>Phase step=3 update=0 phase=forward</c></summary>
    private static string Describe(EventWrittenEventArgs written) => string.Join(
        ' ', written.PayloadNames!.Zip(written.Payload!, (name, value) => $"{name}={Convert.ToString(value, CultureInfo.InvariantCulture)}").Prepend(written.EventName!));

    private void KeepLooking()
    {
        while (true)
        {
            Thread.Sleep(LookEvery);
            if (!folder.IsWatched)
                _ = Signal(Environment.ProcessId, SigKill); // whoever should end this process is gone
            Look();
        }
    }

    /// <summary>Arms what lies in the folder, and forgets what others have taken.</summary>
    private void Look()
    {
        string[] waiting = [.. folder.Waiting];
        if (waiting.Length == 0 && armed.Length == 0)
            return;
        armed = [.. waiting.Select(file => armed.FirstOrDefault(known => known.File == file) ?? (folder.Read(file) is { } fault ? new Armed(file, fault) : null)).OfType<Armed>()];
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    private sealed class Armed(string file, Fault what)
    {
        private int seen;

        public string File => file;

        public Fault What => what;

        /// <summary>Counts an event; true at the one that is meant.</summary>
        public bool Counts() => Interlocked.Increment(ref seen) == what.Count;
    }
}
