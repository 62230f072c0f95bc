using GenCluster.Core.Sweeps;

namespace GenCluster.Training.Data;

/// <summary>The data sets that are known by name, and the way to each.</summary>
public sealed class DatasetCatalog(DatasetPlaces places, DatasetDownloader downloader)
{
    private static readonly Uri FashionMnistAddress = new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

    private static readonly KnownDataset[] Known =
    [
        new("fashion-mnist-sample", "t10k-images-idx3-ubyte", Travels: true,
            new IdxContent(10_000, 28, 28, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b")),
        new("fashion-mnist", "train-images-idx3-ubyte", Travels: false,
            new IdxContent(60_000, 28, 28, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888")),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(x => x.Name)];

    /// <summary>
    /// Opens a data set. <c>data.path</c>, when it is given, is the only place that is looked at. Otherwise sample data
    /// comes with the project, and a full set from the system's folder, the cache or a download into the cache.
    /// </summary>
    /// <param name="progress">Hears of a download.</param>
    /// <exception cref="DataException">It is unknown, or cannot be had.</exception>
    public static ImageDataset Open(DataSpec data, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var http = new HttpClient();
        return new DatasetCatalog(DatasetPlaces.FromEnvironment(), new DatasetDownloader(http)).Find(data, progress, cancellation);
    }

    /// <inheritdoc cref="Open"/>
    public ImageDataset Find(DataSpec data, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var known = Known.FirstOrDefault(x => x.Name == data.Dataset)
            ?? throw new DataException($"data set '{data.Dataset}' is not known; known are {string.Join(", ", Names)}");
        return new ImageDataset(known.Name, Images(known, data.Path, progress, cancellation), data.ImageSize);
    }

    private IdxImages Images(KnownDataset known, string? path, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (path is not null)
            return IdxImages.Read(FileIn(path, known) ?? throw Missing(path, known, "data.path"), known.Content);

        if (known.Travels)
        {
            string samples = Path.Combine(places.Samples, known.Folder);
            return IdxImages.Read(FileIn(samples, known) ?? throw Missing(samples, known, "the installation"), known.Content);
        }

        if (FileIn(Path.Combine(places.System, known.Folder), known) is { } installed)
            return IdxImages.Read(installed, known.Content);

        var address = places.Mirror is { } mirror ? new Uri(mirror, known.Folder + "/") : FashionMnistAddress;
        string cached = Path.Combine(places.Cache, known.Folder, known.File + ".gz");
        return downloader.Open(new Uri(address, known.File + ".gz"), cached, known.Content, progress, cancellation);
    }

    private static string? FileIn(string folder, KnownDataset known)
    {
        string plain = Path.Combine(folder, known.File), packed = plain + ".gz";
        return File.Exists(packed) ? packed : File.Exists(plain) ? plain : null;
    }

    private static DataException Missing(string folder, KnownDataset known, string who) => Directory.Exists(folder)
        ? new($"'{folder}' ({who}) holds neither {known.File}.gz nor {known.File}, the images of data set '{known.Name}'; {IdxImages.Remedy}")
        : new($"'{folder}' ({who}) does not exist or is not a folder; it must hold {known.File}.gz, the images of data set '{known.Name}'");

    /// <param name="Travels">Whether it comes with the project.</param>
    private sealed record KnownDataset(string Name, string File, bool Travels, IdxContent Content)
    {
        /// <summary>The folder's name wherever it is looked for.</summary>
        public string Folder => "fashion-mnist";
    }
}
