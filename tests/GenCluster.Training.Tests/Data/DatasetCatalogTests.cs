using GenCluster.Core.Sweeps;
using GenCluster.Training.Data;
using GenCluster.Checkpoints.Tests;

namespace GenCluster.Training.Tests.Data;

public sealed class DatasetCatalogTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte";

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Opens_the_sample_data_that_travels_with_the_project()
    {
        var dataset = DatasetCatalog.Open(new DataSpec("fashion-mnist-sample", null, 32, 2000));

        (dataset.Count, dataset.Channels, dataset.Size).ShouldBe((10_000, 1, 32));
        var image = new float[32 * 32];
        dataset.Split(2000).Training.Read(7999, image);
        image.Min().ShouldBe(-1);
        image.Max().ShouldBeInRange(0, 1);
        File.Exists(Path.Combine(AppContext.BaseDirectory, "datasets", "fashion-mnist", "LICENSE.txt")).ShouldBeTrue();
    }

    [Fact]
    public void Opens_the_full_set_of_the_system()
    {
        Assert.SkipUnless(File.Exists($"/usr/share/datasets/fashion-mnist/{Images}.gz"), "the Debian package dataset-fashion-mnist is not installed");

        DatasetCatalog.Open(new DataSpec("fashion-mnist", null, 28, 0)).Count.ShouldBe(60_000);
    }

    [Fact]
    public void Looks_in_the_given_folder_then_the_system_s_then_the_cache_and_then_downloads()
    {
        Place("data", "system", "cache");
        Find("data").ShouldContain(folder["data", Images]);
        Find().ShouldContain(folder["system", "fashion-mnist", Images]);

        Directory.Delete(folder["system"], recursive: true);
        Find().ShouldStartWith("http://127.0.0.1:9/mirror/fashion-mnist/train-images-idx3-ubyte.gz cannot be downloaded: ");
    }

    [Fact]
    public void Does_not_look_elsewhere_when_a_folder_is_given()
    {
        Place("system");

        Find("none").ShouldBe($"'{folder["none"]}' (data.path) does not exist or is not a folder; it must hold {Images}.gz, the images of data set 'fashion-mnist'");
        Directory.CreateDirectory(folder["none"]);
        Find("none").ShouldStartWith($"'{folder["none"]}' (data.path) holds neither {Images}.gz nor {Images}, the images of data set 'fashion-mnist'; ");
    }

    [Fact]
    public void Says_that_the_sample_data_is_missing() =>
        Should.Throw<DataException>(() => Catalog().Find(new DataSpec("fashion-mnist-sample", null, 32, 0))).Message.ShouldContain(folder["samples"]);

    [Fact]
    public void Names_the_data_sets_that_it_knows() =>
        Should.Throw<DataException>(() => Catalog().Find(new DataSpec("mnist", null, 32, 0))).Message
            .ShouldBe("data set 'mnist' is not known; known are fashion-mnist-sample, fashion-mnist");

    // Files that are recognised as damaged tell where they were found.
    private void Place(params string[] places)
    {
        foreach (string place in places)
        {
            string path = place == "data" ? folder[place] : folder[place, "fashion-mnist"];
            Directory.CreateDirectory(path);
            File.WriteAllBytes(Path.Combine(path, place == "cache" ? Images + ".gz" : Images), [1]);
        }
    }

    private string Find(string? path = null) => Should.Throw<DataException>(
        () => Catalog().Find(new DataSpec("fashion-mnist", path is null ? null : folder[path], 32, 0))).Message;

    private DatasetCatalog Catalog() => new(
        new DatasetPlaces(folder["samples"], folder["system"], folder["cache"], new Uri("http://127.0.0.1:9/mirror/")), new DatasetDownloader(http));
}
