using GenCluster.Faults;

/// <summary>What the runtime looks for in an assembly that <c>DOTNET_STARTUP_HOOKS</c> names, and calls before the program itself.</summary>
internal static class StartupHook
{
    /// <summary>Does nothing unless <c>GENCLUSTER_FAULTS</c> names a folder.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FaultFolder.Variable) is { Length: > 0 } folder)
            FaultListener.Listen(new FaultFolder(folder));
    }
}
