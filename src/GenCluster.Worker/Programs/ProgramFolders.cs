using System.Globalization;
using GenCluster.Core.Training;

namespace GenCluster.Worker.Programs;

/// <summary>
/// The folders of a trial that is a program. Each attempt has one of its own, so that one that was given up and does not know
/// it yet writes where nobody looks.
/// </summary>
/// <param name="trial"><c>runs/sweep/trials/0001</c>.</param>
/// <param name="attempt"><c>runs/sweep/trials/0001/attempts/0003-0</c>: the epoch of the lease and the rank.</param>
internal sealed class ProgramFolders(string trial, string attempt)
{
    public string Trial => trial;

    public string Attempt => attempt;

    /// <summary>Where the program runs when the sweep names no other folder; it stays from attempt to attempt.</summary>
    public string Work => Path.Combine(trial, "work");

    /// <summary>What is handed over to the next attempt.</summary>
    public string Checkpoint => Path.Combine(attempt, "checkpoint");

    /// <summary>What the program left there in the end.</summary>
    public string Result => Path.Combine(trial, "result");

    /// <summary>Blobs, when the operator chose no other place.</summary>
    public string Checkpoints => Path.Combine(trial, "checkpoints");

    public string Wandb => Path.Combine(attempt, "wandb");

    /// <summary>The values as <c>wandb.init()</c> takes them for <c>wandb.config</c>.</summary>
    public string WandbConfig => Path.Combine(attempt, "wandb-config.json");

    public string Output => Path.Combine(attempt, "stdout.txt");

    public string Errors => Path.Combine(attempt, "stderr.txt");

    public string Arguments => Path.Combine(attempt, "args.json");

    public static ProgramFolders Of(string runs, TrialOrder order)
    {
        string trial = Path.Combine(runs, order.Lease.Trial.Sweep.Value, "trials", order.Lease.Trial.Number.ToString("D4", CultureInfo.InvariantCulture));
        return new ProgramFolders(trial, Path.Combine(trial, "attempts", string.Create(CultureInfo.InvariantCulture, $"{order.Lease.Epoch:D4}-{order.Member}")));
    }

    /// <summary>Makes those that the program may expect to be there.</summary>
    public void Create()
    {
        if (Directory.Exists(Attempt))
            Directory.Delete(Attempt, recursive: true); // under the same lease: this worker was started again
        foreach (string folder in (string[])[Work, Checkpoint, Wandb])
            Directory.CreateDirectory(folder);
    }
}
