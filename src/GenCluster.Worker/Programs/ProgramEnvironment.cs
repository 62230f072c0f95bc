using System.Globalization;
using GenCluster.Core.Programs;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Training;

namespace GenCluster.Worker.Programs;

/// <summary>
/// The environment of a program: of the worker's own only what programs need to run at all, then what torchrun, W&amp;B and
/// GenCluster tell them, then what the sweep says.
/// </summary>
internal static class ProgramEnvironment
{
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TERM", "LD_LIBRARY_PATH",
        "VIRTUAL_ENV", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE", "HF_HOME", "TORCH_HOME", "CUDA_VISIBLE_DEVICES",
    ];

    private static readonly string[] InheritedPrefixes =
        ["LC_", "PYTHON", "PYENV_", "CONDA_", "CUDA_", "NVIDIA_", "NCCL_", "GLOO_", "OMP_", "MKL_", "OPENBLAS_"];

    private static readonly string[] Secretive = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "KEY", "AUTH"];

    /// <summary>What a program sees.</summary>
    /// <param name="worker">The worker's own environment.</param>
    /// <param name="masterPort">Where the members of its gang meet, on the first member's host.</param>
    public static Dictionary<string, string> Of(
        IReadOnlyDictionary<string, string> worker, TrialOrder order, ProgramFolders folders, int masterPort, int step, string metricsFile, MetricsEndpoint? endpoint)
    {
        var command = order.Definition.Command!;
        var result = worker.Where(pair => IsInherited(pair.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in OfGang(order, masterPort).Concat(OfTrial(order, folders, step, metricsFile, endpoint)))
            result[name] = value;
        if (command.Metrics is MetricsSource.Wandb)
            (result["WANDB_MODE"], result["WANDB_DIR"], result["WANDB_SWEEP_PARAM_PATH"]) = ("offline", folders.Wandb, folders.WandbConfig);
        result.TryAdd("PYTHONUNBUFFERED", "1"); // or its reports would come in lumps
        foreach (var (name, value) in command.Environment ?? [])
            result[name] = value;
        return result;
    }

    /// <summary>For <c>${envvar:NAME}</c>: what the program sees, then what the worker has, except what looks like a secret.</summary>
    public static string? Variable(string name, IReadOnlyDictionary<string, string> program, IReadOnlyDictionary<string, string> worker)
    {
        if (program.TryGetValue(name, out string? value))
            return value;
        bool isSecret = name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("GENCLUSTER_", StringComparison.Ordinal)
            || Secretive.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        return isSecret ? null : worker.GetValueOrDefault(name);
    }

    private static bool IsInherited(string name) =>
        Array.IndexOf(Inherited, name) >= 0 || InheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>As torchrun has it. Each worker owns one device and sees no other, so it is a node of its own: its local rank is 0.</summary>
    private static Dictionary<string, string> OfGang(TrialOrder order, int masterPort)
    {
        string rank = Text(order.Member), size = Text(order.Members.Length);
        return new()
        {
            ["RANK"] = rank,
            ["WORLD_SIZE"] = size,
            ["LOCAL_RANK"] = "0",
            ["LOCAL_WORLD_SIZE"] = "1",
            ["GROUP_RANK"] = rank,
            ["GROUP_WORLD_SIZE"] = size,
            ["ROLE_RANK"] = rank,
            ["ROLE_WORLD_SIZE"] = size,
            ["MASTER_ADDR"] = order.Members[0].Host,
            ["MASTER_PORT"] = Text(masterPort),
            ["TORCHELASTIC_RESTART_COUNT"] = Text(order.Lease.Epoch - 1),
            ["TORCHELASTIC_MAX_RESTARTS"] = Text(order.Definition.MaxRestarts),
            ["TORCHELASTIC_RUN_ID"] = $"{order.Lease.Trial.Sweep.Value}.{order.Lease.Trial.Number}",
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> OfTrial(TrialOrder order, ProgramFolders folders, int step, string metricsFile, MetricsEndpoint? endpoint)
    {
        yield return new("GENCLUSTER_SWEEP", order.Lease.Trial.Sweep.Value);
        yield return new("GENCLUSTER_TRIAL", Text(order.Lease.Trial.Number));
        yield return new("GENCLUSTER_ATTEMPT", Text(order.Lease.Epoch));
        yield return new("GENCLUSTER_TRIAL_DIR", folders.Work);
        yield return new("GENCLUSTER_CHECKPOINT_DIR", folders.Checkpoint);
        yield return new("GENCLUSTER_STEP", Text(step));
        yield return new("GENCLUSTER_PARAMETERS", PythonText.Json(order.Definition.Settings));
        if (order.Definition.Training.Steps is < CommandSpec.NoEnd and var steps)
            yield return new("GENCLUSTER_STEPS", Text(steps));
        yield return new("GENCLUSTER_METRICS_FILE", metricsFile);
        if (endpoint is null)
            yield break;
        yield return new("GENCLUSTER_METRICS_URL", endpoint.Url);
        yield return new("GENCLUSTER_METRICS_TOKEN", endpoint.Token);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
