using GenCluster.EndToEnd.Tests.Support;

namespace GenCluster.EndToEnd.Tests.Faults;

/// <summary>Training data that is damaged or missing is named and never trained on; mended, the run goes on.</summary>
public sealed class DataTests(Controls controls) : IDisposable
{
    private const string Images = "t10k-images-idx3-ubyte.gz";

    private static readonly string Sound = Path.Combine(Path.GetDirectoryName(Programs.Worker)!, "datasets", "fashion-mnist", Images);

    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-data-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Copy => Path.Combine(folder, Images);

    [Fact]
    public async Task A_damaged_file_halts_the_run_with_its_name_and_a_sound_one_lets_it_go_on_to_the_same_end()
    {
        var control = await controls.OfAsync("single");
        await using var sandbox = Sandbox();
        byte[] bytes = await File.ReadAllBytesAsync(Sound);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(Copy, bytes);

        var ending = await sandbox.RunAsync();

        ending.Code.ShouldBe(1, ending.ToString());
        ending.Sentence().ShouldContain($"'{Copy}'");
        ending.Errors[^1].ShouldContain("resume with: gencluster run ");

        File.Copy(Sound, Copy, overwrite: true);
        await sandbox.SucceedAsync();
        sandbox.Results().ShouldBe(control.Results);
    }

    [Fact]
    public async Task A_missing_file_halts_the_run_with_the_folder_and_what_should_be_in_it()
    {
        await using var sandbox = Sandbox();

        var ending = await sandbox.RunAsync();

        ending.Code.ShouldBe(1, ending.ToString());
        ending.Sentence().ShouldContain(folder);
        ending.Sentence().ShouldContain(Images);
    }

    private Sandbox Sandbox() => new("single", text => text.Replace("heldOut: 64", $"heldOut: 64, path: {folder}", StringComparison.Ordinal));
}
