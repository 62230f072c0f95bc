using GenCluster.Core.Parameters;

namespace GenCluster.Search.Sampling;

/// <summary>Values and configurations are the same when they are equal as numbers: 3.0 is 3.</summary>
internal sealed class SameValue : IEqualityComparer<ParameterValue>, IEqualityComparer<Assignment>
{
    public static readonly SameValue Comparer = new();

    public bool Equals(ParameterValue x, ParameterValue y) => IsNumber(x) && IsNumber(y) ? x.AsNumber().Equals(y.AsNumber()) : x == y;

    public int GetHashCode(ParameterValue value) => IsNumber(value) ? value.AsNumber().GetHashCode() : value.GetHashCode();

    public bool Equals(Assignment? x, Assignment? y) =>
        x?.Settings.Length == y?.Settings.Length
        && (x is null || y is null || x.Settings.Zip(y.Settings).All(s => s.First.Path == s.Second.Path && Equals(s.First.Value, s.Second.Value)));

    public int GetHashCode(Assignment assignment)
    {
        var hash = new HashCode();
        foreach (var setting in assignment.Settings)
        {
            hash.Add(setting.Path);
            hash.Add(GetHashCode(setting.Value));
        }

        return hash.ToHashCode();
    }

    private static bool IsNumber(ParameterValue value) => value.Kind is ParameterKind.Number or ParameterKind.Integer;
}
