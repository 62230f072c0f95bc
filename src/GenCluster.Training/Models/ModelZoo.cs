using GenCluster.Core.Models;
using GenCluster.Core.Parameters;

namespace GenCluster.Training.Models;

/// <summary>
/// Makes the models that <see cref="ModelCatalogue"/> describes. Initial weights come from libtorch's own generator on
/// the CPU: the caller seeds it, and moves the networks to their device afterwards.
/// </summary>
public static class ModelZoo
{
    /// <summary>Makes a model.</summary>
    /// <param name="model">A name in the catalogue.</param>
    /// <param name="settings">A value for every hyperparameter of the model.</param>
    /// <param name="channels">Colour channels of an image.</param>
    /// <param name="imageSize">Height and width of an image.</param>
    /// <exception cref="ArgumentException">There is no such model, or it cannot make images of this size.</exception>
    public static GenerativeModel Create(string model, Assignment settings, int channels, int imageSize) =>
        Create(model, new ModelSettings(settings), channels, imageSize);

    /// <inheritdoc cref="Create(string, Assignment, int, int)"/>
    public static GenerativeModel Create(string model, ModelSettings settings, int channels, int imageSize) => model switch
    {
        "dcgan" when imageSize != Dcgan.ImageSize => throw WrongSize(model, imageSize, $"{Dcgan.ImageSize}"),
        "dcgan" => new Dcgan(settings, channels),
        "vae" when imageSize != Vae.ImageSize => throw WrongSize(model, imageSize, $"{Vae.ImageSize}"),
        "vae" => new Vae(settings, channels),
        "ddpm" when imageSize % 4 != 0 || imageSize < 8 => throw WrongSize(model, imageSize, "multiples of 4 from 8"),
        "ddpm" => new Ddpm(settings, channels, imageSize),
        _ => throw new ArgumentException(
            $"there is no model '{model}'; there are {string.Join(", ", ModelCatalogue.All.Select(m => m.Name))}", nameof(model)),
    };

    private static ArgumentException WrongSize(string model, int imageSize, string allowed) =>
        new($"model '{model}': image size {imageSize} is not possible; allowed: {allowed}", nameof(imageSize));
}
