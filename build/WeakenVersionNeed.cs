using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library and marks one of its symbol-version requirements as weak
/// (VER_FLG_WEAK), so that the loader accepts a system library without that version.
/// Layout: System V ABI, gABI chapter 4 and the GNU "Symbol Versioning" extension (Elf64_Verneed, Elf64_Vernaux).
/// </summary>
public sealed class WeakenVersionNeed : Task
{
    private const uint SectionOfVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 0x2;                         // VER_FLG_WEAK

    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }
    [Required] public string Version { get; set; }

    private byte[] elf;

    public override bool Execute()
    {
        elf = File.ReadAllBytes(Source);
        if (!IsElf64LittleEndian())
        {
            Log.LogError("{0} is not a 64-bit little-endian ELF file", Source);
            return false;
        }

        int sections = (int)U64(0x28), sectionSize = U16(0x3A), sectionCount = U16(0x3C);
        for (int i = 0; i < sectionCount; i++)
        {
            int section = sections + i * sectionSize;
            if (U32(section + 4) == SectionOfVersionNeeds)
            {
                int names = sections + (int)U32(section + 0x28) * sectionSize;
                WeakenIn(needs: (int)U64(section + 0x18), count: (int)U32(section + 0x2C), names: (int)U64(names + 0x18));
            }
        }

        return Write();
    }

    private void WeakenIn(int needs, int count, int names)
    {
        for (int n = 0, need = needs; n < count; n++, need += (int)U32(need + 12))
        {
            int versions = U16(need + 2);
            for (int v = 0, version = need + (int)U32(need + 8); v < versions; v++, version += (int)U32(version + 12))
            {
                if (Text(names + (int)U32(version + 8)) == Version)
                    elf[version + 4] |= Weak;
            }
        }
    }

    private bool Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        string temporary = Destination + "." + Guid.NewGuid().ToString("N"); // builds may run side by side
        File.WriteAllBytes(temporary, elf);
        if (File.Exists(Destination))
            File.Delete(Destination);
        File.Move(temporary, Destination);
        return true;
    }

    private bool IsElf64LittleEndian()
    {
        return elf.Length > 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[2] == 'L' && elf[3] == 'F' && elf[4] == 2 && elf[5] == 1;
    }

    private ushort U16(int at) { return BitConverter.ToUInt16(elf, at); }
    private uint U32(int at) { return BitConverter.ToUInt32(elf, at); }
    private ulong U64(int at) { return BitConverter.ToUInt64(elf, at); }

    private string Text(int at)
    {
        int end = at;
        while (elf[end] != 0) end++;
        return Encoding.ASCII.GetString(elf, at, end - at);
    }
}
