using System.Runtime.InteropServices;
using System.Text;

namespace GenCluster.Training.Native;

/// <summary>Functions of glibc; each says whether it is there and did it.</summary>
internal static unsafe class CLibrary
{
    private static readonly nint Handle = NativeLibrary.TryLoad("libc.so.6", out nint handle) ? handle : 0;

    /// <summary>mallopt(3).</summary>
    public static bool TryTuneAllocator(int parameter, int value) =>
        TryFind("mallopt", out nint mallopt) && ((delegate* unmanaged[Cdecl]<int, int, int>)mallopt)(parameter, value) == 1;

    /// <summary>
    /// setenv(3): an environment variable for native code, which does not see those that .NET sets in a running process.
    /// One that is set already is left as it is.
    /// </summary>
    public static bool TrySetEnvironment(string name, string value)
    {
        if (!TryFind("setenv", out nint setenv))
            return false;
        fixed (byte* key = Encoding.UTF8.GetBytes(name + "\0"), text = Encoding.UTF8.GetBytes(value + "\0"))
            return ((delegate* unmanaged[Cdecl]<byte*, byte*, int, int>)setenv)(key, text, 0) == 0;
    }

    /// <summary>getenv(3): a variable as native code sees it; null if it is not set.</summary>
    public static string? Environment(string name)
    {
        if (!TryFind("getenv", out nint getenv))
            return null;
        fixed (byte* key = Encoding.UTF8.GetBytes(name + "\0"))
            return Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<byte*, nint>)getenv)(key));
    }

    private static bool TryFind(string name, out nint function)
    {
        function = 0;
        return Handle != 0 && NativeLibrary.TryGetExport(Handle, name, out function);
    }
}
