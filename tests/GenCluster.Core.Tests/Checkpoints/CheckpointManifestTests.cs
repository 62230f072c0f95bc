using GenCluster.Core.Checkpoints;

namespace GenCluster.Core.Tests.Checkpoints;

public sealed class CheckpointManifestTests
{
    private static readonly BlobRef Weights = new("weights", "ab12", 400), Moments = new("moments", "cd34", 800);

    [Fact]
    public void Manifests_compare_by_value()
    {
        var manifest = new CheckpointManifest(10, [Weights, Moments], "cpu/1");

        manifest.ShouldBe(new CheckpointManifest(10, [Weights with { }, Moments], "cpu/1"));
        manifest.GetHashCode().ShouldBe(new CheckpointManifest(10, [Weights with { }, Moments], "cpu/1").GetHashCode());
        manifest.ShouldNotBe(manifest with { Step = 11 });
        manifest.ShouldNotBe(manifest with { Numerics = "cpu/2" });
        manifest.ShouldNotBe(manifest with { Blobs = [Moments, Weights] });
        manifest.ShouldNotBe(manifest with { Blobs = [Weights, Moments with { Sha256 = "ef56" }] });
    }

    [Fact]
    public void A_corrupt_blob_is_named_with_what_is_wrong()
    {
        var exception = new CorruptBlobException(Weights, "truncated to 12 of 400 bytes");

        exception.Message.ShouldBe("checkpoint blob 'weights' (ab12) is truncated to 12 of 400 bytes");
        exception.Blob.ShouldBe(Weights);
    }
}
