namespace GenCluster.Collectives.Tests.Support;

/// <summary>Bytes on the wire, as hex files: a change of one is a new protocol version.</summary>
internal static class Golden
{
    public static byte[] Read(string name) => Convert.FromHexString(string.Concat(File.ReadAllText(PathOf(name)).Where(char.IsAsciiHexDigit)));

    public static void ShouldBeGolden(this byte[] bytes, string name)
    {
        var expected = File.Exists(PathOf(name)) ? Convert.ToHexStringLower(Read(name)) : "";
        Convert.ToHexStringLower(bytes).ShouldBe(expected, $"Golden/{name}.hex; what is on the wire may only change with the protocol's version");
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name + ".hex");
}
