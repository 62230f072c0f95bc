using static GenCluster.Benchmarks.Measuring.Distribution;

namespace GenCluster.Benchmarks.Measuring;

/// <summary>A number that is held against a goal. Never a time: those belong to the machine.</summary>
internal abstract record Figure(string Name)
{
    /// <summary>Whether the goal was missed. What could not be measured is not.</summary>
    public abstract bool IsMissed { get; }

    /// <summary>One line for people and programs.</summary>
    public sealed override string ToString() => Line;

    protected abstract string Line { get; }

    public sealed record AtLeast(string Name, double Value, double Goal) : Figure(Name)
    {
        public override bool IsMissed => !(Value >= Goal);

        protected override string Line => $"ratio {Name} {Digits(Value)} goal {Digits(Goal)}";
    }

    public sealed record AtMost(string Name, double Value, double Goal) : Figure(Name)
    {
        public override bool IsMissed => !(Value <= Goal);

        protected override string Line => $"ratio {Name} {Digits(Value)} goal {Digits(Goal)}";
    }

    public sealed record Skipped(string Name, string Why) : Figure(Name)
    {
        public override bool IsMissed => false;

        protected override string Line => $"skipped: {Name} ({Why})";
    }
}
