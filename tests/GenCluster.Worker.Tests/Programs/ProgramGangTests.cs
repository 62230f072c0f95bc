using GenCluster.Core.Training;
using GenCluster.Core.Trials;
using GenCluster.Worker.Tests.Support;

namespace GenCluster.Worker.Tests.Programs;

/// <summary>A program as a gang of two, one process for each member.</summary>
public sealed class ProgramGangTests : IDisposable
{
    private const string Meeting = """
        import os, socket, time
        rank, address = int(os.environ["RANK"]), (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
        if rank == 0:
            listener = socket.create_server(address)
            peer, _ = listener.accept()
        else:
            while True:
                try:
                    peer = socket.create_connection(address)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.01)
        peer.sendall(b"%d of %s\n" % (rank, os.environ["WORLD_SIZE"].encode()))
        print(f"loss={1 if peer.makefile().readline() == f'{1 - rank} of 2' + chr(10) else 9}")
        """;

    private readonly ProgramBench leader = new();
    private readonly ProgramBench follower;

    public ProgramGangTests()
    {
        follower = new ProgramBench(leader.Root);
    }

    public void Dispose()
    {
        follower.Dispose();
        leader.Dispose();
    }

    [Fact]
    public async Task Its_processes_meet_and_the_first_speaks_for_all()
    {
        var command = ProgramBench.Python(Meeting);
        follower.Start(ProgramBench.Order(command, member: 1, members: 2));

        (await leader.RunAsync(ProgramBench.Order(command, member: 0, members: 2))).ShouldBeOfType<RunOutcome.Completed>();

        leader.Reports.ShouldHaveSingleItem().Find("loss").ShouldBe(1);
        follower.Control.Abort(); // as the coordinator does when the leader is done
        (await follower.EndAsync()).ShouldBeNull();
        follower.Reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_a_member_is_lost_the_others_end_and_that_is_no_failure_of_theirs()
    {
        var command = ProgramBench.Python("import os, time\nprint('loss=1', flush=True)\nwhile not os.path.exists('lost'): time.sleep(0.01)\nraise ConnectionError('peer is gone')");
        var order = ProgramBench.Order(command, member: 0, members: 2);
        leader.Start(order);
        leader.Hears("report 1");
        await File.WriteAllTextAsync(Path.Combine(leader.TrialFolder(), "work", "lost"), "", TestContext.Current.CancellationToken);
        leader.Control.Regroup(order with { Lease = order.Lease with { Epoch = 2 }, Members = order.Members[..1], Forced = true });

        (await leader.EndAsync()).ShouldBe(new RunOutcome.Drained(1));
    }

    [Fact]
    public async Task A_failure_that_no_loss_explains_is_the_program_s_own()
    {
        var broken = (await leader.RunAsync(ProgramBench.Order(ProgramBench.Python("raise ConnectionError('no network')"), members: 2))).ShouldBeOfType<RunOutcome.Broken>();

        broken.Failure.ShouldBe(FailureClass.UserError);
        broken.Message.ShouldEndWith("ConnectionError: no network");
    }

    [Fact]
    public async Task A_gang_that_forms_anew_begins_anew()
    {
        var command = ProgramBench.Python("import os, time; print('loss=1')\nif os.environ['GENCLUSTER_ATTEMPT'] == '1': time.sleep(600)");
        var order = ProgramBench.Order(command, member: 0, members: 2);
        leader.Start(order);
        leader.Hears("report 1");
        leader.Control.Regroup(order with { Lease = order.Lease with { Epoch = 2 }, Forced = true, Secret = [.. order.Secret.Select(b => (byte)(b + 1))] });

        (await leader.EndAsync()).ShouldBeOfType<RunOutcome.Completed>().Steps.ShouldBe(1);
    }
}
