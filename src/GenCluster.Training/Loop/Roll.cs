namespace GenCluster.Training.Loop;

/// <summary>
/// The first thing that a new gang does: every member says how far it is, in numbers of its own that the others leave
/// zero, so that their sum is a list. The furthest state is the one that counts; whoever is behind copies it.
/// </summary>
internal static class Roll
{
    /// <summary>The most members of a gang.</summary>
    public const int MaxMembers = 64;

    /// <summary>Numbers for one member: a position is 48 bits, 16 in each, which a float holds exactly.</summary>
    public const int Numbers = 4;

    public static void Write(Position mine, int member, Span<float> numbers)
    {
        numbers = numbers[..SlotLayout.RollLength];
        numbers.Clear();
        for (int i = 0; i < 3; i++)
            numbers[(member * Numbers) + i] = (mine.Ordinal >> (16 * i)) & 0xffff;
    }

    /// <summary>The position of every member.</summary>
    public static Position[] Read(ReadOnlySpan<float> numbers, int members)
    {
        var positions = new Position[members];
        for (int member = 0; member < members; member++)
        {
            long ordinal = 0;
            for (int i = 0; i < 3; i++)
                ordinal |= (long)numbers[(member * Numbers) + i] << (16 * i);
            positions[member] = Position.Of(ordinal);
        }

        return positions;
    }
}
