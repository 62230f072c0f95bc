using System.Collections.Immutable;

namespace GenCluster.Server.ReadModel;

/// <summary>
/// A row is there from now on, with these values in some of its columns; the others stay as they are. So a change can be
/// applied to a database and to memory alike, and needs to know nothing of what is there.
/// </summary>
/// <param name="Key">One value per column of the key: text or integer.</param>
/// <param name="Set">Values by column: text, integer, real or null.</param>
public sealed record RowChange(ReadTable Table, ImmutableArray<object> Key, ImmutableArray<(string Column, object? Value)> Set);
