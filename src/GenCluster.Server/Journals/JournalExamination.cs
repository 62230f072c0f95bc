using System.Data.Common;
using GenCluster.Actors.Persistence;
using GenCluster.Server.ReadModel;

namespace GenCluster.Server.Journals;

/// <summary>What an examination saw.</summary>
/// <param name="Behind">How many places of the journal the read model has not read yet: no fault.</param>
public sealed record Examined(JournalFold Fold, long Behind, IReadOnlyList<Finding> Findings);

/// <summary>Holds the journal against itself and the read model against the journal, at one moment, changing nothing.</summary>
public sealed class JournalExamination(JournalDatabase database)
{
    /// <exception cref="DbException">The database cannot be read.</exception>
    public Examined Run()
    {
        using var connection = database.Open();
        bool hasReadModel = HasReadModel(connection);

        // A moment: a coordinator may be writing meanwhile, and is not kept from it.
        Execute(connection, database is JournalDatabase.Sqlite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        try
        {
            long end = JournalReader.Last(connection), place = hasReadModel ? ReadModelFeed.PlaceOf(connection) : 0;
            var fold = new JournalFold();
            var expected = new RowSet();
            foreach (var entry in JournalReader.UpTo(connection, end))
            {
                fold.Add(entry);
                if (entry.Ordering <= place)
                    Project(entry, expected);
            }

            var readModel = hasReadModel
                ? RowSet.Read(connection).DifferencesFrom(expected).Select(d => new Finding(Finding.ReadModelDiffers, d))
                : [new Finding(Finding.ReadModelMissing, "the tables of the read model are not there")];
            return new Examined(fold, end - place, [.. fold.Findings(), .. readModel]);
        }
        finally
        {
            Execute(connection, "ROLLBACK");
        }
    }

    /// <summary>Makes the read model anew, and its tables where they are missing.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    public void RepairReadModel()
    {
        database.Migrate();
        new ReadModelFeed(database).Rebuild();
    }

    // What cannot be read is a finding of the fold already.
    private static void Project(JournalEntry entry, RowSet rows)
    {
        try
        {
            foreach (var change in Projection.Of(entry))
                rows.Apply(change);
        }
        catch (Exception e) when (e is System.Runtime.Serialization.SerializationException or ArgumentException)
        {
        }
    }

    private static bool HasReadModel(DbConnection connection)
    {
        try
        {
            ReadModelFeed.PlaceOf(connection);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
