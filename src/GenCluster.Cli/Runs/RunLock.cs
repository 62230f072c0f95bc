using System.Globalization;
using GenCluster.Cli.CommandLine;

namespace GenCluster.Cli.Runs;

/// <summary>
/// Keeps two commands out of one run folder. The system drops the lock with the process, however that ends; the file
/// stays and means nothing.
/// </summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream held;
    private readonly string holder;

    private RunLock(FileStream held, string holder)
    {
        this.held = held;
        this.holder = holder;
    }

    /// <exception cref="CliException">Another process holds it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        // Who holds a lock cannot read its file, so the holder's name is in another one.
        string path = Path.Combine(folder, "lock"), holder = path + ".pid";
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (IsHeld(failure))
        {
            throw new CliException(ExitCode.Failed,
                $"{folder} is in use by another gencluster command (process {NameOf(holder)}); wait for it, stop it, or choose another folder with --runs DIR");
        }

        try
        {
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new RunLock(held, holder);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        using (held)
        {
            try
            {
                File.Delete(holder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The name may stay; the lock does not.
            }
        }
    }

    // EWOULDBLOCK on Linux and macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string NameOf(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
