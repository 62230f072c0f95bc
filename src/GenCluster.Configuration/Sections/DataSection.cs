using GenCluster.Configuration.Schema;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Sections;

/// <summary>The section <c>data</c>.</summary>
internal static class DataSection
{
    private static readonly TextKey Dataset = new("dataset", "A known data set; the sample travels with the program.")
    {
        Choices = ["fashion-mnist-sample", "fashion-mnist"],
        Default = "fashion-mnist-sample",
    };

    private static readonly TextKey Path = new("path", "A folder that holds the data set; without it the usual places are searched.");

    private static readonly IntegerKey ImageSize =
        new("imageSize", 32, 32, "Height and width in pixels that images are padded to; the networks of the zoo need 32.") { Default = 32 };

    public static readonly IntegerKey HeldOut = new("heldOut", 64, 5000, "Images kept away from training, for evaluation.") { Default = 1000 };

    public static readonly SectionSchema Schema = new(Dataset, Path, ImageSize, HeldOut);

    public static DataSpec Read(Section section) =>
        new(section.Text(Dataset) ?? "", section.Text(Path), (int)section.Integer(ImageSize), (int)section.Integer(HeldOut));
}
