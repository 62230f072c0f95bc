using FsCheck.Xunit;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Tests.Parameters.Predicates;

public sealed class PredicatePropertyTests
{
    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", ",", "+", "-", "*", "**", "/", "%", "==", "!=", "<", "<=", "in", "not", "and", "or", "true", "1", "0", "2.5", "'a'", "'", "\"",
        "`", "x", "y.z", "min(", "abs(", "&&", "\n", "\ud800", "9223372036854775807", "1e308",
    ];

    [Property(MaxTest = 1000)]
    public void No_text_makes_it_throw(string text, int seed)
    {
        var random = new Random(seed);
        string[] texts = [text ?? "", string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)]))];

        foreach (string any in texts)
        {
            var predicate = new Predicate(any);
            predicate.Holds(name => name == "x" ? ParameterValue.Of(long.MinValue) : name == "y.z" ? ParameterValue.Of("a") : null);
            (predicate.Fault is null || predicate.Fault.StartsWith("column ", StringComparison.Ordinal)).ShouldBeTrue();
        }
    }

    [Property(MaxTest = 1000)]
    public void Binds_as_the_table_of_operators_says(int seed)
    {
        var tree = Tree.Condition(new Random(seed), 5);

        var holds = new Predicate(tree.Written).Holds(Tree.ValueOf);

        holds.ShouldBe(tree.Flag, tree.Written);
    }

    [Property(MaxTest = 500)]
    public void A_name_and_a_value_of_any_characters_come_back(string path, string value)
    {
        if (string.IsNullOrEmpty(path) || value is null)
            return;

        var predicate = Predicate.Is(path, ParameterValue.Of(value));

        predicate.Fault.ShouldBeNull();
        predicate.Names.ShouldBe([path]);
        predicate.Holds(name => name == path ? ParameterValue.Of(value) : null).ShouldBe(true);
        predicate.Holds(_ => ParameterValue.Of(value + "'")).ShouldBe(false);
        predicate.With(_ => ParameterValue.Of(value)).Holds(_ => null).ShouldBe(true);
    }

    /// <summary>An expression whose value was computed while it was made, written with as few parentheses as its strength allows.</summary>
    private sealed record Tree(string Written, int Strength, double? Number, bool? Flag)
    {
        private const int Or = 0, And = 1, Not = 2, Relation = 3, Sum = 4, Product = 5, Sign = 6, Power = 7, Primary = 8;

        public static ParameterValue? ValueOf(string name) => name == "three" ? ParameterValue.Of(3L) : null;

        public static Tree Condition(Random random, int depth)
        {
            if (depth == 0)
                return random.Next(4) switch { 0 => new("true", Primary, null, true), 1 => new("false", Primary, null, false), _ => Compared(random, 1) };
            switch (random.Next(4))
            {
                case 0:
                    var negated = Condition(random, depth - 1);
                    return new($"not {negated.In(Not)}", Not, null, !negated.Flag);
                case 1:
                    return Compared(random, depth);
                case var which:
                    var (left, right) = (Condition(random, depth - 1), Condition(random, depth - 1));
                    return which == 2
                        ? new($"{left.In(And)} and {right.In(And + 1)}", And, null, left.Flag & right.Flag)
                        : new($"{left.In(Or)} or {right.In(Or + 1)}", Or, null, left.Flag | right.Flag);
            }
        }

        private static Tree Compared(Random random, int depth)
        {
            var (left, right) = (Sized(random, depth - 1), Sized(random, depth - 1));
            bool? flag = left.Number is { } a && right.Number is { } b ? a < b : null;
            return new($"{left.In(Sum)} < {right.In(Sum)}", Relation, null, flag);
        }

        private static Tree Sized(Random random, int depth)
        {
            if (depth <= 0)
                return random.Next(8) == 0 ? new("none", Primary, null, null) : random.Next(4) == 0 ? new("three", Primary, 3, null) : Small(random);
            var (left, right) = (Sized(random, depth - 1), Sized(random, depth - 1));
            int exponent = random.Next(4);
            Tree tree = random.Next(6) switch
            {
                0 => new($"{left.In(Sum)} + {right.In(Sum + 1)}", Sum, left.Number + right.Number, null),
                1 => new($"{left.In(Sum)} - {right.In(Sum + 1)}", Sum, left.Number - right.Number, null),
                2 => new($"{left.In(Product)} * {right.In(Product + 1)}", Product, left.Number * right.Number, null),
                3 => new($"-{left.In(Sign)}", Sign, -left.Number, null),
                4 => new($"{left.In(Primary)} ** {exponent}", Power, left.Number is { } x ? Math.Pow(x, exponent) : null, null),
                _ => left,
            };
            return tree.Number is > 1e6 or < -1e6 ? Small(random) : tree; // what a double holds exactly
        }

        private static Tree Small(Random random) => random.Next(4) is var n ? new($"{n}", Primary, n, null) : null!;

        private string In(int strength) => Strength >= strength ? Written : $"({Written})";
    }
}
