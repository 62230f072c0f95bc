using System.Globalization;
using GenCluster.EndToEnd.Tests.Support;
using Microsoft.Data.Sqlite;

namespace GenCluster.EndToEnd.Tests.Results;

/// <summary>Programs of Python as trials, from other tools' files, through the command and its workers.</summary>
public sealed class ProgramTests
{
    /// <summary>What the training program needs of W&amp;B's client: it writes its history, where the real one is told to write.</summary>
    private const string Wandb = """
        import json, os
        config, _history, _step = {}, None, 0
        def init(**kwargs):
            global _history
            config.update({k: v["value"] for k, v in json.load(open(os.environ["WANDB_SWEEP_PARAM_PATH"])).items() if k != "wandb_version"})
            folder = os.path.join(os.environ["WANDB_DIR"], "wandb", "offline-run-1", "files")
            os.makedirs(folder)
            _history = open(os.path.join(folder, "wandb-history.jsonl"), "w")
        def log(values):
            global _step
            _history.write(json.dumps({"_step": _step, **values}) + "\n")
            _history.flush()
            _step += 1
        """;

    private const string WandbTraining = """
        import argparse, wandb
        parser = argparse.ArgumentParser()
        parser.add_argument("--lr", type=float, required=True)
        parser.add_argument("--epochs", type=int)
        parser.add_argument("--optimizer")
        parser.add_argument("--nesterov", type=lambda text: {"True": True, "False": False}[text])
        args = parser.parse_args()
        wandb.init()
        assert wandb.config["lr"] == args.lr and args.nesterov is True and args.optimizer == "sgd"
        x = 1.0
        for epoch in range(args.epochs):
            x -= args.lr * 2 * x
            wandb.log({"loss": x * x, "epoch": epoch})
        """;

    private const string KatibTraining = """
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("--lr", type=float)
        parser.add_argument("--epochs", type=int)
        args = parser.parse_args()
        x = 1.0
        for epoch in range(args.epochs):
            x -= args.lr * 2 * x
            print(f"2024-05-01T00:00:00Z INFO     epoch {epoch}: loss={x * x:.6f} accuracy={1 - x * x:.6f}")
        """;

    private const string Resumable = """
        import json, os, signal, sys, time
        path = os.environ["GENCLUSTER_CHECKPOINT_DIR"] + "/epoch"
        epoch = int(open(path).read()) if os.path.exists(path) else 0
        while epoch < 4:
            epoch += 1
            if epoch == 3 and os.environ["GENCLUSTER_TRIAL"] == "1" and os.environ["GENCLUSTER_STEP"] == "0":
                if os.fork() == 0:
                    open("child.part", "w").write(str(os.getpid()))
                    os.rename("child.part", "child")
                time.sleep(600)
            with open(path + ".tmp", "w") as out:
                out.write(str(epoch))
            os.rename(path + ".tmp", path)
            print(f"epoch={epoch} loss={1 / epoch}")
        """;

    [Fact]
    public async Task A_sweep_of_W_and_B_runs_unmodified()
    {
        await using var sandbox = Sandbox("wandb-program", ("train.py", WandbTraining), ("wandb.py", Wandb));

        var ending = await sandbox.SucceedAsync("--workers", "2");

        string[][] rows = Table.Read(sandbox.Leaderboard);
        rows.Length.ShouldBe(4, ending.ToString());
        rows[1..].ShouldAllBe(row => row[1] == "Succeeded");
        int objective = Array.IndexOf(rows[0], "objective"), lr = Array.IndexOf(rows[0], "lr");
        rows[1..].Select(row => row[lr]).ShouldBe(["0.5", "0.1", "0.01"]);
        Number(rows[1][objective]).ShouldBe(0);
        Number(rows[2][objective]).ShouldBe(Math.Pow(0.8, 8), 1e-12);
        File.ReadAllText(Path.Combine(sandbox.TrialFolder(1), "metrics.csv")).Split('\n').Count(line => line.Contains(",loss,", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task An_experiment_of_Katib_runs_unmodified()
    {
        await using var sandbox = Sandbox("katib-program", ("train.py", KatibTraining));

        await sandbox.SucceedAsync("--workers", "1");

        string[][] rows = Table.Read(sandbox.Leaderboard);
        int objective = Array.IndexOf(rows[0], "objective"), lr = Array.IndexOf(rows[0], "lr");
        rows[1..].Length.ShouldBe(2);
        foreach (string[] row in rows[1..])
            Number(row[objective]).ShouldBe(Math.Pow(1 - (2 * Number(row[lr])), 6), 1e-6);
    }

    [Fact]
    public async Task When_a_worker_is_killed_its_program_dies_too_and_another_goes_on_from_its_checkpoint()
    {
        await using var sandbox = Sandbox("katib-program", ("train.py", Resumable));
        var command = sandbox.Start("--workers", "1");
        string child = Path.Combine(Path.GetDirectoryName(sandbox.File)!, "child");
        await command.Holds(() => File.Exists(child), "the program waits in its third epoch");
        await command.Holds(() => CheckpointsOfTheFirst(sandbox) > 0, "a checkpoint of the first trial");
        int process = int.Parse(await File.ReadAllTextAsync(child, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);

        ProcessGroup.Signal(command.Workers.ShouldHaveSingleItem().Id, ProcessGroup.Kill);

        await command.Holds(() => ProcessGroup.IsDead(process), "the death of the program");
        var ending = await command.EndAsync();
        ending.Code.ShouldBe(0, ending.ToString());
        Table.Read(sandbox.Leaderboard)[1..].ShouldAllBe(row => row[1] == "Succeeded");
        File.ReadAllText(Path.Combine(sandbox.TrialFolder(1), "result", "epoch")).ShouldBe("4");
    }

    private static long CheckpointsOfTheFirst(Sandbox sandbox)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(sandbox.Folder, "journal.db")};Mode=ReadOnly;Pooling=False");
        journal.Open();
        using var query = journal.CreateCommand();
        query.CommandText = "SELECT count(*) FROM journal WHERE manifest = 'checkpoint-committed/1' AND persistence_id = 'trial-katib-program-1'";
        return (long)query.ExecuteScalar()!;
    }

    private static Sandbox Sandbox(string sweep, params (string Name, string Text)[] files)
    {
        var sandbox = new Sandbox(sweep);
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(sandbox.File)!, name), text);
        return sandbox;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
