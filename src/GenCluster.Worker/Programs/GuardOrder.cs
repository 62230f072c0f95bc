using System.Buffers.Binary;
using System.Text.Json;

namespace GenCluster.Worker.Programs;

/// <summary>What a guard is to start. It comes through its standard input: command lines and environments can be read by others.</summary>
/// <param name="Arguments">The program first.</param>
/// <param name="Environment">All of it; nothing else is passed on.</param>
internal sealed record GuardOrder(string[] Arguments, Dictionary<string, string> Environment, string Folder)
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>With its length before it.</summary>
    public void Write(Stream stream)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(this);
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        stream.Write([.. length, .. body]);
        stream.Flush();
    }

    /// <returns>Null when it does not come, or is none.</returns>
    public static GuardOrder? Read(Stream stream)
    {
        try
        {
            byte[] length = new byte[sizeof(int)];
            stream.ReadExactly(length);
            int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (bytes is <= 0 or > MaxBytes)
                return null;
            byte[] body = new byte[bytes];
            stream.ReadExactly(body);
            return JsonSerializer.Deserialize<GuardOrder>(body);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
