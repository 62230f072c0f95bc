using System.Text.RegularExpressions;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Schema;
using GenCluster.Core.Placement;

namespace GenCluster.Configuration.Sections;

/// <summary>The keys of <c>resources</c> that say who is served first, and what of a device a worker needs.</summary>
internal static partial class PlacementKeys
{
    private const long MaxSeconds = 10_000L * 24 * 3_600;

    private static readonly IntegerKey Priority =
        new("priority", -1000, 1000, "Trials with a higher one are served first, and may take the place of those with a lower one.") { Default = 0 };

    private static readonly TextKey Project = new("project", "Whose quota and share of the workers the trials use.")
    {
        Default = ProjectRules.DefaultProject,
        Pattern = ProjectPattern(),
        PatternMeaning = ProjectMeaning,
    };

    private static readonly TextKey MinRuntime =
        new("minRuntime", "How long a trial runs before one with a higher priority may take its place.")
        {
            Default = "0s",
            Pattern = Duration.Pattern,
            PatternMeaning = Duration.Allowed,
        };

    private static readonly TextKey Memory = new("memory", "What each worker needs of its device's memory.")
    {
        Pattern = SizePattern(),
        PatternMeaning = ByteSize.Allowed,
    };

    private static readonly FlagKey ShareDevice =
        new("shareDevice", "Whether other trials may use what is left of a device; needs memory.") { Default = false };

    public static IReadOnlyList<Key> All { get; } = [Priority, Project, MinRuntime, Memory, ShareDevice];

    /// <summary>What a project's name may be.</summary>
    public const string ProjectMeaning = "1 to 63 lower-case letters, digits and hyphens, with a letter or digit first and last";

    public static (int Priority, string Project, int MinRuntimeSeconds, long Memory, bool ShareDevice) Read(Section section)
    {
        long memory = section.Text(Memory) is { } size ? ByteSize.Parse(size) ?? Refuse(section, size) : 0;
        bool share = section.Flag(ShareDevice);
        if (share && !section.Has(Memory))
        {
            section.Error(DiagnosticCodes.SharedWithoutMemory, ShareDevice,
                "got true, but nothing says what the rest of the device is; write resources.memory, what each worker needs");
        }

        return ((int)section.Integer(Priority), section.Text(Project) ?? "", (int)Duration.Read(section, MinRuntime, MaxSeconds), memory, share);
    }

    private static long Refuse(Section section, string size)
    {
        section.Error(DiagnosticCodes.OutOfRange, Memory, $"got {Shown.Quoted(size)}; write a size from 1KiB to 1024TiB");
        return 0;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    public static partial Regex ProjectPattern();

    [GeneratedRegex(@"^[0-9]{1,6}(\.[0-9]{1,3})?(KiB|MiB|GiB|TiB)\z")]
    private static partial Regex SizePattern();
}
