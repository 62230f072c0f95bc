using Akka.Hosting;

namespace GenCluster.Actors.Persistence;

/// <summary>How a journal is put into an actor system.</summary>
public static class JournalHosting
{
    /// <summary>The journal, and the store of snapshots beside it.</summary>
    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder builder, JournalDatabase database)
    {
        if (database.AkkaSetup() is { } setup)
            builder.AddSetup(setup);
        return builder.AddHocon(database.AkkaConfig(), HoconAddMode.Prepend);
    }
}
