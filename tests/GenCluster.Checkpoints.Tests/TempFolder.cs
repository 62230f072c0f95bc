namespace GenCluster.Checkpoints.Tests;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gencluster-").FullName;

    public string this[params ReadOnlySpan<string> parts] => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A device on which no space is ever left.</summary>
internal static class FullDisk
{
    private const string Device = "/dev/full";

    public static void SkipWhereThereIsNone() => Assert.SkipUnless(File.Exists(Device), $"this system has no {Device}");

    public static FileStream Open() => new(Device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    public static void LinkAt(string path) => File.CreateSymbolicLink(path, Device);
}
