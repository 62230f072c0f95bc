using System.Runtime.InteropServices;
using GenCluster.Training.Native;

namespace GenCluster.Training.Tests.Native;

public sealed class NativeMemoryTests
{
    [Fact]
    public void The_allocator_is_tuned_wherever_there_is_glibc() =>
        NativeMemorySettings.Apply().ShouldBe(NativeLibrary.TryLoad("libc.so.6", out _));

    [Fact]
    public void Without_a_device_nothing_is_pinned()
    {
        if (NativeTorch.CudaAvailable)
            Assert.Skip("there is a CUDA device");

        PinnedMemory.TryPin(0x1000, 0x1000).ShouldBeNull();
        SideStream.OfThisProcess.ShouldBeNull();
        CudaRuntime.TryOpen("/no/such/folder").ShouldBeNull();
    }

    [Fact]
    public void An_environment_variable_that_is_set_stays_as_it_is()
    {
        CLibrary.TrySetEnvironment("GENCLUSTER_TEST_OF_SETENV", "one").ShouldBeTrue();
        CLibrary.TrySetEnvironment("GENCLUSTER_TEST_OF_SETENV", "two").ShouldBeTrue();

        CLibrary.Environment("GENCLUSTER_TEST_OF_SETENV").ShouldBe("one");
        CLibrary.Environment("GENCLUSTER_TEST_OF_NOTHING").ShouldBeNull();
    }
}
