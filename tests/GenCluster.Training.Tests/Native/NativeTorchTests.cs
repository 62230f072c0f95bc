using System.Diagnostics;
using GenCluster.Training.Native;
using TorchSharp;

namespace GenCluster.Training.Tests.Native;

/// <summary>
/// Which libtorch a process runs on is settled once in its life. So the tests of other choices start this program again,
/// with the variable set, and have it run the one test that says what was loaded.
/// </summary>
public sealed class NativeTorchTests
{
    private const string X64 = "\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0\u003e\0";
    private const string Arm32 = "\u007fELF\u0001\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0\u0028\0";

    [Fact]
    public void Computes_with_the_libtorch_that_was_asked_for()
    {
        string? named = Environment.GetEnvironmentVariable(NativeTorch.FolderVariable);

        var loaded = NativeTorch.Load();

        loaded.Folder.ShouldBe(named ?? TorchInstallation.Shipped);
        loaded.Version.ShouldBe(named is null ? torch.__version__ : "2.10.0+test");
        loaded.Description.ShouldBe($"libtorch {loaded.Version} ({(loaded.CudaAvailable ? "CUDA" : "CPU")}) from {loaded.Folder}");
        torch.ones(3).sum().item<float>().ShouldBe(3);
        LibrariesInThisProcess("libc10.so").ShouldBe([Path.Combine(loaded.Folder, "libc10.so")]);
    }

    [Fact]
    public async Task Takes_the_libtorch_of_an_installation_that_the_environment_names()
    {
        using var installation = new TorchInstallation();

        var (exitCode, output) = await LoadInAnotherProcess(installation.Lib);

        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task Tells_of_a_folder_that_does_not_exist()
    {
        var (exitCode, output) = await LoadInAnotherProcess("/no/such/folder");

        exitCode.ShouldNotBe(0);
        output.ShouldContain(
            "libtorch cannot be loaded from GENCLUSTER_LIBTORCH: the folder '/no/such/folder' does not exist; set it to the torch/lib folder of a PyTorch "
            + "installation for this processor, or unset it to use the libtorch that comes with the worker");
        output.ShouldNotContain("DllNotFoundException");
    }

    [Fact]
    public async Task Tells_what_the_system_says_of_a_damaged_library()
    {
        using var installation = new TorchInstallation().With("libc10.so", Bytes(X64));

        var (exitCode, output) = await LoadInAnotherProcess(installation.Lib);

        exitCode.ShouldNotBe(0);
        output.ShouldContain($"the system refuses '{installation.Lib}/libc10.so' (");
        output.ShouldContain("file too short");
    }

    [Fact]
    public void Tells_which_library_is_missing()
    {
        using var installation = new TorchInstallation().Without("libtorch_cpu.so");

        Problem(installation.Lib).ShouldContain($"'{installation.Lib}' holds no libtorch_cpu.so;");
    }

    [Fact]
    public void Guesses_that_the_subfolder_was_meant()
    {
        using var installation = new TorchInstallation();

        string torchFolder = Path.GetDirectoryName(installation.Lib)!;

        Problem(torchFolder).ShouldContain($"'{torchFolder}' holds no libc10.so (its subfolder 'lib' may be meant);");
    }

    [Fact]
    public void Tells_of_a_file_that_is_no_library()
    {
        using var installation = new TorchInstallation().With("libtorch.so", "INPUT(libtorch_cpu.so)  "u8);

        Problem(installation.Lib).ShouldContain($"'{installation.Lib}/libtorch.so' is not a Linux library;");
    }

    [Fact]
    public void Tells_of_a_file_that_is_too_short_to_be_one()
    {
        using var installation = new TorchInstallation().With("libtorch.so");

        Problem(installation.Lib).ShouldContain($"'{installation.Lib}/libtorch.so' is not a Linux library;");
    }

    [Fact]
    public void Tells_of_a_library_for_another_processor()
    {
        using var installation = new TorchInstallation().With("libc10.so", Bytes(Arm32));

        Problem(installation.Lib).ShouldContain($"'{installation.Lib}/libc10.so' is made for arm (32 bit), this process runs on ");
    }

    [Fact]
    public void Tells_to_build_again_where_the_workers_own_libtorch_is_missing() =>
        Should.Throw<NativeTorchException>(() => TorchFolder.Shipped("/opt/worker/libtorch").FindLibraries()).Message.ShouldBe(
            "libtorch cannot be loaded: the folder '/opt/worker/libtorch' does not exist; build or install the worker again, or set GENCLUSTER_LIBTORCH "
            + "to the torch/lib folder of a PyTorch installation");

    private static string Problem(string folder) => Should.Throw<NativeTorchException>(() => TorchFolder.Named(folder).FindLibraries()).Message;

    private static byte[] Bytes(string text) => [.. text.Select(character => (byte)character)];

    private static IEnumerable<string> LibrariesInThisProcess(string name) =>
        File.ReadLines("/proc/self/maps").Where(line => line.EndsWith("/" + name, StringComparison.Ordinal)).Select(line => line[line.IndexOf('/')..]).Distinct();

    private static async Task<(int ExitCode, string Output)> LoadInAnotherProcess(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("--filter-method");
        start.ArgumentList.Add($"*.{nameof(Computes_with_the_libtorch_that_was_asked_for)}");
        start.Environment[NativeTorch.FolderVariable] = folder;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
