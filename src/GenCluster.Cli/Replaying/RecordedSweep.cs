using System.Data.Common;
using System.Runtime.Serialization;
using GenCluster.Actors.Persistence;
using GenCluster.Cli.CommandLine;
using GenCluster.Core.Identity;
using GenCluster.Core.Sweeps;
using GenCluster.Server.Journals;

namespace GenCluster.Cli.Replaying;

/// <summary>A sweep's own events, as a database has them at one moment.</summary>
internal static class RecordedSweep
{
    private const int Page = 500;
    private const string Remedy = "'gencluster doctor' says what is wrong with the journal";

    /// <summary>All of them, in order: the event of number N is at place N - 1.</summary>
    /// <exception cref="CliException">There is no such sweep, or the journal cannot be read.</exception>
    public static IReadOnlyList<ISweepEvent> Read(JournalDatabase database, string sweep)
    {
        try
        {
            using var connection = database.Open();
            var entries = Entries(connection, new SweepId(sweep));
            return entries.Count > 0 ? [.. entries.Select(Event)] : throw Unknown(database, sweep, JournalReader.Sweeps(connection));
        }
        catch (DbException e)
        {
            throw new CliException(ExitCode.Failed, $"the journal {database.Name} cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static List<JournalEntry> Entries(DbConnection connection, SweepId sweep)
    {
        long end = JournalReader.Last(connection), after = 0; // one writer after the other: up to here nothing of the sweep is still to come
        var all = new List<JournalEntry>();
        while (JournalReader.OfSweep(connection, sweep, after, end, Page, trials: false) is { Count: > 0 } page)
        {
            all.AddRange(page);
            after = page[^1].Ordering;
        }

        return all;
    }

    private static ISweepEvent Event(JournalEntry entry, int index)
    {
        if (entry.Sequence != index + 1)
            throw new CliException(ExitCode.Failed, $"{entry} stands where event {index + 1} should; {Remedy}");
        try
        {
            return entry.Read() as ISweepEvent ?? throw new CliException(ExitCode.Failed, $"{entry} is none of a sweep; {Remedy}");
        }
        catch (SerializationException e)
        {
            throw new CliException(ExitCode.Failed, $"{entry} cannot be read: {e.Message.TrimEnd('.')}; {Remedy}");
        }
    }

    private static CliException Unknown(JournalDatabase database, string sweep, IReadOnlyList<SweepId> known) => new(
        ExitCode.WrongInput,
        $"there is no sweep '{sweep}' in {database.Name}; "
        + (known.Count > 0 ? $"there are: {string.Join(", ", known)}" : "there are no sweeps in it"));
}
