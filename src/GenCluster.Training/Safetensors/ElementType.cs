namespace GenCluster.Training.Safetensors;

/// <summary>What a tensor's elements are.</summary>
public enum ElementType
{
    BOOL,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
}

public static class ElementTypes
{
    private static readonly Dictionary<string, ElementType> ByCode = Enum.GetValues<ElementType>().ToDictionary(Code, StringComparer.Ordinal);

    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => type switch
    {
        <= ElementType.F8E4M3 => 1,
        <= ElementType.BF16 => 2,
        <= ElementType.F32 => 4,
        _ => 8,
    };

    /// <summary>The format's own name of the type.</summary>
    public static string Code(this ElementType type) => type switch
    {
        ElementType.F8E5M2 => "F8_E5M2",
        ElementType.F8E4M3 => "F8_E4M3",
        _ => type.ToString(),
    };

    public static bool TryParse(string code, out ElementType type) => ByCode.TryGetValue(code, out type);
}
