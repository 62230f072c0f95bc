namespace GenCluster.Core.Checkpoints;

/// <summary>
/// Where an operator wants checkpoints: <c>file:///mnt/checkpoints</c>,
/// <c>s3://bucket/prefix?endpoint=http://host:9000&amp;region=eu-central-1</c> or <c>journal:</c>.
/// </summary>
public abstract record CheckpointAddress
{
    /// <summary>What an address may look like, for people.</summary>
    public const string Forms = "file:///folder, s3://bucket/prefix?endpoint=http://host:port&region=name, or journal:";

    private CheckpointAddress()
    {
    }

    /// <summary>A folder, on a disk that all hosts of a gang share.</summary>
    public sealed record Folder(string Path) : CheckpointAddress;

    /// <summary>A bucket of an S3-compatible server.</summary>
    /// <param name="Prefix">Without slashes at its ends; empty for the whole bucket.</param>
    /// <param name="Endpoint">Null for Amazon's own.</param>
    /// <param name="Region">Null for the one that the environment names.</param>
    public sealed record Bucket(string Name, string Prefix, Uri? Endpoint, string? Region) : CheckpointAddress;

    /// <summary>The coordinator's database, for small models.</summary>
    public sealed record Journal : CheckpointAddress;

    /// <summary>Reads an address.</summary>
    /// <param name="fault">Why it is none, as the end of a sentence; never with what might be a secret.</param>
    /// <returns>Null when it is none.</returns>
    public static CheckpointAddress? Parse(string text, out string fault)
    {
        fault = "";
        if (text == "journal:")
            return new Journal();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !(text.StartsWith("file:", StringComparison.Ordinal) || uri.Scheme == "s3"))
        {
            fault = $"is not an address of checkpoints; give one like {Forms}";
            return null;
        }

        return uri.Scheme == "file" ? ReadFolder(uri, ref fault) : ReadBucket(uri, ref fault);
    }

    private static Folder? ReadFolder(Uri uri, ref string fault)
    {
        if (uri is { Host: "", Query: "", Fragment: "" } && uri.LocalPath.Length > 1)
            return new Folder(uri.LocalPath);
        fault = "is not a folder of this machine; give one like file:///mnt/checkpoints";
        return null;
    }

    private static Bucket? ReadBucket(Uri uri, ref string fault)
    {
        if (uri.UserInfo.Length > 0)
        {
            fault = "holds credentials; they belong into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or into ~/.aws/credentials";
            return null;
        }

        Uri? endpoint = null;
        string? region = null;
        foreach (string part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            string value = Uri.UnescapeDataString(pair.Length == 2 ? pair[1] : "");
            if (pair[0] == "region" && value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                region = value;
            else if (pair[0] == "endpoint" && Uri.TryCreate(value, UriKind.Absolute, out endpoint) && IsServer(endpoint))
                continue;
            else
                fault = pair[0] is "region" or "endpoint" ? $"has an unfit {pair[0]}" : "has settings besides endpoint and region, and takes no others";
        }

        if (uri.Host.Length == 0 || uri.Fragment.Length > 0)
            fault = "names no bucket; give one like s3://bucket/prefix";
        return fault.Length > 0 ? null : new Bucket(uri.Host, Uri.UnescapeDataString(uri.AbsolutePath).Trim('/'), endpoint, region);
    }

    private static bool IsServer(Uri uri) => uri is { Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/", Fragment: "" };
}
