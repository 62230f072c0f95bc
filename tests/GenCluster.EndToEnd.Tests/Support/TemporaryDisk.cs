using System.Diagnostics;

namespace GenCluster.EndToEnd.Tests.Support;

/// <summary>A small file system in memory, which can be full or read-only. To make one takes root's rights.</summary>
internal sealed class TemporaryDisk : IAsyncDisposable
{
    private readonly string ballast;

    private TemporaryDisk(string path)
    {
        Path = path;
        ballast = System.IO.Path.Combine(path, "ballast");
    }

    public string Path { get; }

    /// <summary>Skips the test where it cannot be made; continuous integration must be able to.</summary>
    public static async Task<TemporaryDisk> MountAsync(int kilobytes = 65536)
    {
        bool possible = Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(possible, "mounting a file system takes root's rights");
        string path = Directory.CreateTempSubdirectory("gencluster-disk-").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "gencluster-test", path);
        return new TemporaryDisk(path);
    }

    public Task GrowAsync(int kilobytes) => RunAsync("mount", "-o", $"remount,size={kilobytes}k", Path);

    public Task MakeReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", Path);

    public Task MakeWritableAsync() => RunAsync("mount", "-o", "remount,rw", Path);

    /// <summary>Takes all free space, again and again, until <paramref name="enough"/> ends.</summary>
    public async Task FillUntilAsync(Task enough)
    {
        using var file = new FileStream(ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[1 << 16];
        while (!enough.IsCompleted)
        {
            for (int size = block.Length; size > 0;)
            {
                try
                {
                    file.Write(block, 0, size);
                }
                catch (IOException)
                {
                    size /= 16; // to the last byte
                }
            }

            await Task.WhenAny(enough, Task.Delay(1));
        }
    }

    public void Free() => File.Delete(ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Path);
        Directory.Delete(Path);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }
}
