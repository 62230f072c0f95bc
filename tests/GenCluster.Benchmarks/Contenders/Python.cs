using System.ComponentModel;
using System.Diagnostics;

namespace GenCluster.Benchmarks.Contenders;

/// <summary>A Python that has a peer's module, and the module's version; or what to do to have one.</summary>
internal sealed record Python(string? Interpreter, string Version)
{
    /// <summary>Names the interpreter to use.</summary>
    public const string Variable = "GENCLUSTER_PYTHON";

    public const string InstallTorch = "apt-get install -y --no-install-recommends python3-torch python3-numpy libopenblas0-pthread";
    public const string InstallMpi = "apt-get install -y --no-install-recommends openmpi-bin python3-mpi4py python3-numpy";

    public const string InstallOptuna = "apt-get install -y --no-install-recommends python3-optuna";

    /// <summary>A Python with PyTorch. One on the reference BLAS does not count: its transposed convolutions are 15 times slower than they have to be.</summary>
    public static Task<Python> WithTorchAsync(CancellationToken cancellation) => FindAsync("""
        import sys, torch.distributed
        maps = open("/proc/self/maps").read()
        blas = "MKL" if torch.backends.mkl.is_available() else "OpenBLAS" if "openblas" in maps else None
        sys.exit(1) if blas is None else print("PyTorch", torch.__version__, "with", blas)
        """, cancellation);

    public static Task<Python> WithMpiAsync(CancellationToken cancellation) => FindAsync("""
        import mpi4py.MPI, numpy
        print(mpi4py.MPI.Get_library_version().split(",")[0], "by mpi4py", mpi4py.__version__)
        """, cancellation);

    public static Task<Python> WithOptunaAsync(CancellationToken cancellation) => FindAsync("""
        import optuna
        print("Optuna", optuna.__version__ + ",", "tpe")
        """, cancellation);

    /// <summary>Looks for an interpreter that can run the lines, which print the version.</summary>
    private static async Task<Python> FindAsync(string lines, CancellationToken cancellation)
    {
        string[] candidates = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? [named] : ["/usr/bin/python3", "python3"];
        foreach (string candidate in candidates)
        {
            if (await OutputAsync(candidate, ["-c", lines], cancellation) is { } found)
                return new(candidate, found);
        }

        return new(null, "missing");
    }

    /// <summary>A script of the folder of peers.</summary>
    public ProcessStartInfo Command(string script, params IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo(Interpreter!, [ScriptPath(script), .. arguments]);
        // One thread computes; Gloo finds the loopback interface only by name.
        foreach (var (name, value) in new[] { ("OMP_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1"), ("GLOO_SOCKET_IFNAME", "lo") })
            command.Environment[name] = value;
        return command;
    }

    public static string ScriptPath(string script) => Path.Combine(AppContext.BaseDirectory, "Peers", script);

    /// <summary>The first line that a program prints; null when it is not there or fails.</summary>
    public static async Task<string?> OutputAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? output.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
