namespace GenCluster.Collectives.Hellos;

/// <summary>Tells hosts apart: the kernel's number for its boot, which containers of one host share.</summary>
internal static class HostIdentity
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>A number of this process alone where the kernel does not tell: then every peer counts as on another host.</summary>
    public static Guid Own { get; } = Read();

    private static Guid Read()
    {
        try
        {
            return Guid.Parse(File.ReadAllText(BootId));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return Guid.CreateVersion7();
        }
    }
}
