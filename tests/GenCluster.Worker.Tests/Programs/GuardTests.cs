using GenCluster.Worker.Programs;
using GenCluster.Worker.Tests.Support;

namespace GenCluster.Worker.Tests.Programs;

public sealed class GuardTests : IDisposable
{
    private const string Script = "import os, time; os.fork(); print(os.getpid(), flush=True); time.sleep(600)";

    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task When_the_worker_is_gone_the_program_is_too()
    {
        using var program = Start();
        int[] processes = await TwoAsync(program);

        program.CloseOrders(); // the kernel does this when a process dies

        await Processes.EndAsync([program.Id, .. processes]);
    }

    [Fact]
    public async Task A_guard_that_is_killed_takes_its_group_with_it_when_the_worker_notices()
    {
        using var program = Start();
        int[] processes = await TwoAsync(program);

        program.KillGuard();

        await Processes.EndAsync([program.Id, .. processes]);
    }

    [Fact]
    public async Task A_request_to_end_reaches_all_processes_and_the_guard_tells_how_the_program_ended()
    {
        using var program = Start();
        int[] processes = await TwoAsync(program);

        program.Terminate();

        await Processes.EndAsync([program.Id, .. processes]);
        (await program.ExitAsync()).ShouldBe(143);
    }

    private ProgramProcess Start()
    {
        var environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["HOME"] = folder };
        return ProgramProcess.Start(new GuardOrder(["python3", "-c", Script], environment, folder));
    }

    private static async Task<int[]> TwoAsync(ProgramProcess program)
    {
        using var reader = new StreamReader(program.Output, leaveOpen: true);
        return [int.Parse((await reader.ReadLineAsync())!), int.Parse((await reader.ReadLineAsync())!)];
    }
}
