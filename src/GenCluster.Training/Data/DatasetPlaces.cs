namespace GenCluster.Training.Data;

/// <summary>Where data sets are looked for.</summary>
/// <param name="Samples">What travels with the project; a folder for each data set.</param>
/// <param name="System">Data sets installed as Debian packages; a folder for each.</param>
/// <param name="Cache">Downloaded data sets; a folder for each.</param>
/// <param name="Mirror">Downloads from here, a folder for each data set, in place of their own addresses; or null.</param>
public sealed record DatasetPlaces(string Samples, string System, string Cache, Uri? Mirror = null)
{
    /// <summary>Names the address of a mirror.</summary>
    public const string MirrorVariable = "GENCLUSTER_DATASETS_URL";

    /// <exception cref="DataException">The mirror's address is not one.</exception>
    public static DatasetPlaces FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static DatasetPlaces From(Func<string, string?> variable) => new(
        Path.Combine(AppContext.BaseDirectory, "datasets"),
        "/usr/share/datasets",
        Path.Combine(CacheHome(variable("XDG_CACHE_HOME")), "gencluster", "datasets"),
        MirrorAddress(variable(MirrorVariable)));

    // XDG Base Directory Specification: a relative path is to be ignored.
    private static string CacheHome(string? home) => Path.IsPathRooted(home)
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");

    private static Uri? MirrorAddress(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        throw new DataException($"{MirrorVariable} is '{text}', which is not an http or https address; mend or unset it");
    }
}
