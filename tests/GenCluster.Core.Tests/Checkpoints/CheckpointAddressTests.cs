using GenCluster.Core.Checkpoints;

namespace GenCluster.Core.Tests.Checkpoints;

public sealed class CheckpointAddressTests
{
    public static TheoryData<string, CheckpointAddress> Addresses => new()
    {
        { "file:///mnt/check%20points", new CheckpointAddress.Folder("/mnt/check points") },
        { "journal:", new CheckpointAddress.Journal() },
        { "s3://bucket", new CheckpointAddress.Bucket("bucket", "", null, null) },
        { "s3://bucket/some/prefix/", new CheckpointAddress.Bucket("bucket", "some/prefix", null, null) },
        {
            "s3://bucket/p?endpoint=http://10.0.0.1:9000&region=eu-central-1",
            new CheckpointAddress.Bucket("bucket", "p", new Uri("http://10.0.0.1:9000"), "eu-central-1")
        },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Reads(string text, CheckpointAddress address)
    {
        CheckpointAddress.Parse(text, out string fault).ShouldBe(address);
        fault.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "is not an address of checkpoints; give one like file:///folder, s3://")]
    [InlineData("/mnt/checkpoints", "is not an address of checkpoints")]
    [InlineData("file:///", "is not a folder of this machine; give one like file:///mnt/checkpoints")]
    [InlineData("checkpoints", "is not an address of checkpoints")]
    [InlineData("gs://bucket", "is not an address of checkpoints")]
    [InlineData("file://host/folder", "is not a folder of this machine")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://key:secret@bucket/p", "holds credentials; they belong into the environment")]
    [InlineData("s3://bucket?endpoint=http://key:secret@host", "has an unfit endpoint")]
    [InlineData("s3://bucket?endpoint=host:9000", "has an unfit endpoint")]
    [InlineData("s3://bucket?endpoint=ftp://host", "has an unfit endpoint")]
    [InlineData("s3://bucket?region=", "has an unfit region")]
    [InlineData("s3://bucket?secretKey=abc", "has settings besides endpoint and region")]
    public void Refuses(string text, string why)
    {
        CheckpointAddress.Parse(text, out string fault).ShouldBeNull();
        fault.ShouldContain(why);
        fault.ShouldNotContain("secret:");
    }
}
