using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;
using GenCluster.Checkpoints.S3;

namespace GenCluster.Checkpoints.Tests.S3;

/// <summary>
/// The same contract against whatever server <c>GENCLUSTER_TEST_S3</c> names, e.g. <c>s3://bucket/tests?endpoint=http://127.0.0.1:9000</c>,
/// with credentials from the environment. Built in only where it is set.
/// </summary>
public sealed class RealS3ServerTests : CheckpointStoreContract
{
    private readonly SweepId sweep = new($"contract-{Path.GetRandomFileName()}");
    private readonly CheckpointAddress.Bucket address;

    public RealS3ServerTests()
    {
        string named = Environment.GetEnvironmentVariable("GENCLUSTER_TEST_S3").ShouldNotBeNull("these tests were built for a server, and none is named");
        address = CheckpointAddress.Parse(named, out string fault).ShouldBeOfType<CheckpointAddress.Bucket>(fault);
    }

    protected override ICheckpointStore Open(long space = 7) =>
        new S3CheckpointStores(address, new S3Options { PartBytes = 5 * 1024 * 1024 }, TimeProvider.System).Open(new Lease(new TrialId(sweep, 1), space), default);

    [Fact]
    public void A_large_blob_is_uploaded_in_parts()
    {
        byte[] bytes = new byte[11 * 1024 * 1024];
        new Random(3).NextBytes(bytes);

        var blob = Open().Put("large", x => x.Write(bytes));

        Open().Get(blob).ShouldBe(bytes);
        Open().Sweep(_ => true).ShouldBe(1);
    }
}
