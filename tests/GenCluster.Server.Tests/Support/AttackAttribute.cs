using System.Runtime.CompilerServices;

namespace GenCluster.Server.Tests.Support;

/// <summary>A test in which an attack is refused. The list of all of them is in <c>docs/security.md</c>, and a test holds the two against each other.</summary>
/// <param name="number">From 1, without gaps.</param>
/// <param name="what">What the attacker tries.</param>
/// <param name="answer">What becomes of it.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AttackAttribute(
    int number, string what, string answer, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1) : FactAttribute(sourceFilePath, sourceLineNumber)
{
    public int Number { get; } = number;

    public string What { get; } = what;

    public string Answer { get; } = answer;
}
