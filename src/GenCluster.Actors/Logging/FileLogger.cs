using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace GenCluster.Actors.Logging;

/// <summary>Writes the actor system's log to a file, one line an event: time, level, source, message.</summary>
public sealed class FileLogger : ReceiveActor
{
    private const string FileKey = "gencluster.log-file";

    /// <summary>In place of a file's name: the log goes to standard error.</summary>
    public const string StandardError = "-";

    private readonly TextWriter writer = Open(Context.System.Settings.Config.GetString(FileKey));

    public FileLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    /// <summary>Settings that send the log to this file, or nowhere; never to the terminal, which belongs to the command.</summary>
    public static Config Settings(string? file) => ConfigurationFactory.ParseString(file is null
        ? "akka { stdout-loglevel = OFF, loglevel = OFF, loggers = [] }"
        : $$"""
          akka {
            stdout-loglevel = OFF
            loggers = ["{{typeof(FileLogger).FullName}}, {{typeof(FileLogger).Assembly.GetName().Name}}"]
          }
          {{FileKey}} = "{{file.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}"
          """);

    protected override void PostStop()
    {
        if (writer != Console.Error)
            writer.Dispose();
    }

    private static TextWriter Open(string file) => file == StandardError
        ? Console.Error
        : new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    private void Write(LogEvent e)
    {
        string time = e.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        writer.WriteLine($"{time} {e.LogLevel(),-12} {e.LogSource}: {e.Message}{(e.Cause is null ? "" : $" ({e.Cause.GetType().Name}: {e.Cause.Message})")}");
    }
}
