using System.Runtime.InteropServices;

namespace GenCluster.Cli.Runs;

/// <summary>SIGINT and SIGTERM.</summary>
public interface ISignals
{
    /// <summary>Calls <paramref name="handler"/> at each signal, in place of what the system would do, until disposed.</summary>
    IDisposable OnInterrupt(Action handler);
}

/// <summary>Those of this process.</summary>
public sealed class ProcessSignals : ISignals
{
    public IDisposable OnInterrupt(Action handler) => new Registrations(handler);

    private sealed class Registrations(Action handler) : IDisposable
    {
        private readonly PosixSignalRegistration interrupt = Register(PosixSignal.SIGINT, handler);
        private readonly PosixSignalRegistration terminate = Register(PosixSignal.SIGTERM, handler);

        public void Dispose()
        {
            interrupt.Dispose();
            terminate.Dispose();
        }

        private static PosixSignalRegistration Register(PosixSignal signal, Action handler) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            handler();
        });
    }
}
