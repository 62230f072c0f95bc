using GenCluster.Core.Training;

namespace GenCluster.Worker.Metering;

/// <summary>How different the images of a sample grid are: a generator that has lost modes makes the same ones again and again.</summary>
internal static class SampleDiversity
{
    /// <summary>The mean distance between two of the images: the root of the mean squared difference of their values, which are 0 to 1.</summary>
    /// <param name="size">Pixels of an image's side; the picture is a grid of them.</param>
    /// <returns>Null when the picture has fewer than two.</returns>
    public static double? Of(SamplePicture picture, int size)
    {
        int columns = picture.Width / size, count = columns * (picture.Height / size);
        if (count < 2)
            return null;
        double sum = 0;
        for (int a = 0; a < count; a++)
        {
            for (int b = a + 1; b < count; b++)
                sum += Distance(picture, size, columns, a, b);
        }

        return sum / (count * (count - 1) / 2.0);
    }

    private static double Distance(SamplePicture picture, int size, int columns, int a, int b)
    {
        long squares = 0;
        int row = size * picture.Channels;
        for (int y = 0; y < size; y++)
        {
            var first = Row(a, y);
            var second = Row(b, y);
            for (int x = 0; x < row; x++)
            {
                int difference = first[x] - second[x];
                squares += difference * difference;
            }
        }

        return Math.Sqrt(squares / (double)(size * row)) / byte.MaxValue;

        ReadOnlySpan<byte> Row(int image, int y) =>
            picture.Pixels.AsSpan(((((image / columns) * size) + y) * picture.Width + (image % columns * size)) * picture.Channels, row);
    }
}
