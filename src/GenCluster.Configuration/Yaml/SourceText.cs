using System.Buffers;
using System.Text;
using System.Text.Unicode;
using GenCluster.Configuration.Diagnostics;

namespace GenCluster.Configuration.Yaml;

/// <summary>Bytes to text, refusing before any parser sees them what no honest file holds.</summary>
internal static class SourceText
{
    public const int MaxBytes = 256 * 1024;

    public static string? Decode(ReadOnlySpan<byte> bytes, DiagnosticList diagnostics)
    {
        if (bytes.Length > MaxBytes)
        {
            diagnostics.Error(DiagnosticCodes.TooLarge, Place.Start,
                $"the file has more than {MaxBytes} bytes; a sweep file is a few hundred, is it the right one?");
            return null;
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(bytes))
        {
            int bad = FirstInvalid(bytes);
            diagnostics.Error(DiagnosticCodes.NotUtf8, PlaceOf(Encoding.UTF8.GetString(bytes[..bad])),
                $"byte 0x{bytes[bad]:x2} is not valid UTF-8 here; save the file as UTF-8");
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes);
        bool isJson = text.AsSpan().TrimStart() is ['{' or '[', ..];
        return HasControlCharacters(text, diagnostics) | (!isJson && HasTabIndentation(text, diagnostics)) ? null : text;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int index = 0;
        while (Rune.DecodeFromUtf8(bytes[index..], out _, out int consumed) is OperationStatus.Done)
            index += consumed;
        return index;
    }

    private static bool HasControlCharacters(string text, DiagnosticList diagnostics)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsControl(text[i]) || text[i] is '\t' or '\n' or '\r')
                continue;
            diagnostics.Error(DiagnosticCodes.ControlCharacter, PlaceOf(text.AsSpan(0, i)),
                $"control character U+{(int)text[i]:X4}; a sweep file is plain text, remove it");
            return true;
        }

        return false;
    }

    private static bool HasTabIndentation(string text, DiagnosticList diagnostics)
    {
        int line = 0;
        bool any = false;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            line++;
            var indentation = content[..^content.TrimStart(" \t").Length];
            int tab = indentation.IndexOf('\t');
            if (tab < 0 || indentation.Length == content.Length || content[indentation.Length] == '#')
                continue;
            diagnostics.Error(DiagnosticCodes.TabIndentation, new Place(line, tab + 1),
                "a tab in the indentation; YAML allows spaces only, replace it by spaces");
            any = true;
        }

        return any;
    }

    private static Place PlaceOf(ReadOnlySpan<char> before)
    {
        int lines = before.Count('\n');
        return new Place(lines + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1);
    }
}
