using GenCluster.Core.Parameters;

namespace GenCluster.Search.Sampling.Knowledge;

/// <summary>The hyperparameters of a space that have more than one value, sorted by path, as models of the objective see them.</summary>
internal sealed class Axes
{
    private readonly ParameterSpace space;
    private readonly Dictionary<string, int> indices;
    private readonly Dictionary<string, Parameter> constants;
    private readonly int[] inOrder; // each after those that its condition asks for

    public Axes(ParameterSpace space)
    {
        this.space = space;
        All = [.. space.Parameters.Where(p => p.Distribution.Count != 1).Select(p => new Axis(p))];
        indices = All.Index().ToDictionary(a => a.Item.Parameter.Path, a => a.Index, StringComparer.Ordinal);
        inOrder = [.. space.InOrder.Where(p => indices.ContainsKey(p.Path)).Select(p => indices[p.Path])];
        constants = space.Parameters.Where(p => !indices.ContainsKey(p.Path))
            .ToDictionary(p => p.Path, StringComparer.Ordinal);
    }

    public IReadOnlyList<Axis> All { get; }

    public int Count => All.Count;

    /// <summary>
    /// The coordinates of a configuration, not a number where it has no value; null when the space does not have it. Values of
    /// what is no hyperparameter of this space are passed over: they may come from another sweep.
    /// </summary>
    public double[]? Locate(Assignment assignment)
    {
        double[] point = new double[Count];
        Array.Fill(point, double.NaN);
        int axis = 0;
        foreach (var setting in assignment.Settings) // both are sorted by path, and mostly the same
        {
            while (axis < Count && All[axis].Parameter.Path != setting.Path && string.CompareOrdinal(All[axis].Parameter.Path, setting.Path) < 0)
                axis++;
            if (axis == Count)
                break;
            if (All[axis].Parameter.Path != setting.Path)
                continue;
            if (All[axis].Locate(setting.Value) is not { } coordinate)
                return null;
            point[axis++] = coordinate;
        }

        for (int i = 0; i < Count; i++)
        {
            if (double.IsNaN(point[i]) && ParameterSpace.IsActive(All[i].Parameter, assignment))
                return null;
        }

        return point;
    }

    /// <summary>The coordinates of the configuration at a point of the unit cube.</summary>
    /// <param name="position">A number in [0, 1) for an axis, by its index. Asked for those only that the configuration has.</param>
    public double[] PointAt(Func<int, double> position)
    {
        double[] point = new double[Count];
        Array.Fill(point, double.NaN);
        foreach (int axis in inOrder)
        {
            if (All[axis].Parameter.When is not { } when || when.Holds(path => ValueAt(point, path)) is true)
                point[axis] = All[axis].At(position(axis));
        }

        return point;
    }

    /// <summary>Whether the constraints hold of a point; what it does not have yet violates none.</summary>
    public bool Admits(double[] point) => Array.TrueForAll(space.Constraints, c => c.Holds(path => ValueAt(point, path)) is not false);

    /// <summary>The value at a path; null when the point has none there. A hyperparameter with one value only has it.</summary>
    public ParameterValue? ValueAt(double[] point, string path)
    {
        if (indices.TryGetValue(path, out int axis))
            return double.IsNaN(point[axis]) ? null : All[axis].ValueAt(point[axis]);
        bool isThere = constants.TryGetValue(path, out var constant) && (constant.When is null || constant.When.Holds(other => ValueAt(point, other)) is true);
        return isThere ? constant!.Distribution.Quantile(0.5) : null;
    }

    /// <summary>The configuration with these coordinates. Those of hyperparameters that it does not have are not asked for.</summary>
    public Assignment AssignmentAt(double[] point) =>
        space.Choose(p => indices.TryGetValue(p.Path, out int axis) ? All[axis].ValueAt(point[axis]) : p.Distribution.Quantile(0.5));
}
