using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GenCluster.Training.Safetensors;

namespace GenCluster.Training.Tests.Safetensors;

public sealed class SafetensorsTests
{
    [Fact]
    public void An_empty_file_is_a_padded_empty_object() => Written([]).ShouldBe([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8]);

    [Fact]
    public void Writes_the_bytes_that_the_format_asks_for()
    {
        var bytes = Written([TensorSource.F32("attn.0", [1, 2, 3], new float[] { 1, -1, 0.5f, 0, 2, float.MaxValue })]);

        Convert.ToHexStringLower(bytes).ShouldBe(
            "4000000000000000"
            + Convert.ToHexStringLower("""{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}"""u8)
            + "0000803f" + "000080bf" + "0000003f" + "00000000" + "00000040" + "ffff7f7f");
    }

    [Fact]
    public void Is_the_same_file_for_any_order_and_aligns_every_tensor()
    {
        TensorSource[] tensors =
        [
            new("mask", ElementType.BOOL, [3], () => [1, 0, 1]),
            TensorSource.F32("β", [], new float[] { 3 }),
            TensorSource.I64("step", [1], new long[] { 150 }),
            TensorSource.F32("α", [0, 7], Array.Empty<float>()),
        ];
        var metadata = new Dictionary<string, string> { ["z"] = "1", ["a"] = "\"quoted\"" };

        var bytes = Written(tensors, metadata);

        Written([.. tensors.Reverse()], metadata.Reverse().ToDictionary()).ShouldBe(bytes);
        var file = SafetensorsFile.Parse(bytes, "test");
        file.Tensors.Select(x => x.Name).ShouldBe(["step", "α", "β", "mask"]);
        file.Metadata.ShouldBe(metadata, ignoreOrder: true);
        (BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8).ShouldBe(0);
    }

    [Property]
    public void Reads_back_what_was_written(NonNull<float[]> floats, NonNull<long[]> integers, NonEmptyString name)
    {
        var clean = "t" + new string([.. name.Get.Where(x => !char.IsSurrogate(x)).Take(100)]);

        var file = SafetensorsFile.Parse(Written(
            [TensorSource.F32(clean, [floats.Get.Length], floats.Get), TensorSource.I64(clean + "!", [1, integers.Get.Length], integers.Get)]), "test");

        file.Require(clean, ElementType.F32, floats.Get.Length).As<int>().ToArray().ShouldBe(floats.Get.Select(BitConverter.SingleToInt32Bits));
        file.Require(clean + "!", ElementType.I64, 1, integers.Get.Length).As<long>().ToArray().ShouldBe(integers.Get);
    }

    [Fact]
    public void Writes_unmanaged_memory()
    {
        nint values = Marshal.AllocHGlobal(16);
        Marshal.Copy(new float[] { 1, 2, 3, 4 }, 0, values, 4);

        var file = SafetensorsFile.Parse(Written([TensorSource.Of("w", ElementType.F32, [2, 2], values)]), "test");
        Marshal.FreeHGlobal(values);

        file.Require("w", ElementType.F32, 2, 2).As<float>().ToArray().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Loads_a_file()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, Written([TensorSource.I64("step", [], new long[] { 7 })]));

        SafetensorsFile.Load(path).Require("step", ElementType.I64).As<long>()[0].ShouldBe(7);
        File.Delete(path);
    }

    [Fact]
    public void Does_not_write_what_could_not_be_read()
    {
        var one = TensorSource.F32("a", [1], new float[1]);

        Should.Throw<ArgumentException>(() => Written([one, one]));
        Should.Throw<ArgumentException>(() => Written([one with { Name = "__metadata__" }]));
        Should.Throw<ArgumentException>(() => Written([one with { Shape = [2] }]));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[]", "begin with '{'")]
    [InlineData(" {}", "begin with '{'")]
    [InlineData("{", "not JSON")]
    [InlineData("{}}", "not JSON")]
    [InlineData("{}{}", "not JSON")]
    [InlineData("{\"a\":1}", "must be an object")]
    [InlineData("{\"a\":{}}", "needs a dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F4\",\"shape\":[],\"data_offsets\":[0,4]}}", "unknown dtype 'F4'")]
    [InlineData("{\"a\":{\"dtype\":1,\"shape\":[],\"data_offsets\":[0,4]}}", "must be a string")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", "must be an array")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", "more than 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}", "larger than any memory")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}", "two data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,0]}}", "4 to 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "needs 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"x\":1}}", "unknown key 'x'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"shape\":[],\"data_offsets\":[0,4]}}", "'shape' is there twice")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", "'a' is there twice")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", "begins at 2 where 1")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}", "begins at 2 where 3")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}", "begins at 1 where 0")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}", "take 3 bytes and the file holds 4")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "take 8 bytes and the file holds 4")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", "must be a string")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", "'a' is there twice")]
    [InlineData("{\"\\ud800\":{}}", "not text")]
    public void Refuses_a_header_that_is_not_as_the_format_says(string header, string reason) => Refusal(Framed(Encoding.UTF8.GetBytes(header), 4)).ShouldContain(reason);

    [Fact]
    public void Refuses_a_header_that_is_not_UTF8() => Refusal(Framed([(byte)'{', 0xff, (byte)'}'], 0)).ShouldContain("UTF-8");

    [Fact]
    public void Refuses_names_without_end()
    {
        string name = new('a', 513);

        Refusal(Framed(Encoding.UTF8.GetBytes($$$"""{"{{{name}}}":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"""), 4)).ShouldContain("513 characters");
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 })]
    [InlineData(new byte[] { 250, 255, 255, 255, 255, 255, 255, 127, 123, 125 })]
    public void Refuses_a_length_that_is_not_there(byte[] bytes) => Refusal(bytes).ShouldContain("bytes");

    [Fact]
    public void Refuses_a_tensor_that_is_not_the_one_asked_for()
    {
        var file = SafetensorsFile.Parse(Written([TensorSource.F32("w", [2, 3], new float[6])]), "weights");

        Should.Throw<SafetensorsException>(() => file.Require("v", ElementType.F32, 2, 3)).Message.ShouldEndWith("tensor 'v' is missing");
        Should.Throw<SafetensorsException>(() => file.Require("w", ElementType.F32, 3, 2)).Message.ShouldEndWith("tensor 'w' is F32 [2, 3] where F32 [3, 2] is expected");
        Should.Throw<SafetensorsException>(() => file.Require("w", ElementType.F64, 2, 3));
    }

    [Theory]
    [InlineData(float.NaN, false)]
    [InlineData(float.NegativeInfinity, false)]
    [InlineData(float.MaxValue, true)]
    [InlineData(-0f, true)]
    public void Finds_numbers_that_are_not_finite(float value, bool finite)
    {
        TensorSource[] kinds =
        [
            TensorSource.F32("x", [3], new[] { 0, value, 1 }),
            new("x", ElementType.F64, [1], () => BitConverter.GetBytes((double)value)),
            new("x", ElementType.BF16, [1], () => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))),
            new("x", ElementType.F16, [1], () => BitConverter.GetBytes(finite ? Half.MaxValue : (Half)value)),
        ];

        foreach (var kind in kinds)
        {
            var file = SafetensorsFile.Parse(Written([kind]), "weights");
            if (finite)
                file.RequireFinite();
            else
                Should.Throw<SafetensorsException>(file.RequireFinite).Message.ShouldContain("'x'");
        }
    }

    // Whatever becomes of a file, it is read or refused, and memory is never taken by what it claims.
    [Property(MaxTest = 2000)]
    public Property Reads_or_refuses_any_damaged_file() => Prop.ForAll(Damage(), bytes =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SafetensorsFile.Parse(bytes, "damaged");
        }
        catch (SafetensorsException e)
        {
            e.Message.ShouldNotContain('\n');
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000);
    });

    private static Arbitrary<byte[]> Damage()
    {
        var sound = Written(
            [TensorSource.F32("a.weight", [2, 3], new float[6]), TensorSource.I64("steps", [2], new long[2])],
            new Dictionary<string, string> { ["format"] = "pt" });
        var place = Gen.Choose(0, sound.Length - 1);
        var bit = from at in place from mask in Gen.Choose(1, 255) select Changed(x => x[at] ^= (byte)mask);
        var digit = from at in Gen.Choose(8, sound.Length - 41) from c in Gen.Elements("0123456789-.eE{}[]\",:\\u "u8.ToArray()) select Changed(x => x[at] = c);
        var cut = from at in place select sound[..at];
        var grown = from more in Gen.Choose(1, 9) select (byte[])[.. sound, .. new byte[more]];
        var moved = from a in place from b in place select (byte[])[.. sound[..a], .. sound[b..]];
        return Gen.OneOf(bit, digit, cut, grown, moved).ToArbitrary();

        byte[] Changed(Action<byte[]> change)
        {
            var copy = sound.ToArray();
            change(copy);
            return copy;
        }
    }

    private static string Refusal(byte[] bytes)
    {
        string message = Should.Throw<SafetensorsException>(() => SafetensorsFile.Parse(bytes, "model.safetensors")).Message;
        message.ShouldStartWith("'model.safetensors' is not a usable safetensors file: ");
        return message;
    }

    private static byte[] Framed(byte[] header, int data) => [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[data]];

    private static byte[] Written(TensorSource[] tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }
}
