using System.Globalization;
using System.Reflection;
using GenCluster.Core.Identity;
using GenCluster.Core.Parameters;
using GenCluster.Core.Search;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Tests.Support;
using GenCluster.Core.Trials;
using MessagePack;

namespace GenCluster.Core.Tests.Contracts;

/// <summary>Journals and messages outlive a release: keys are positions, and numbers of enums are what is written.</summary>
public sealed class ContractTests
{
    private static readonly Type[] Contracts =
        [.. typeof(SweepId).Assembly.GetExportedTypes().Where(t => t.GetCustomAttribute<MessagePackObjectAttribute>() is not null)];

    public static TheoryData<string> Names => [.. Contracts.Select(t => t.FullName!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_are_numbers_without_gaps_in_the_order_of_the_constructor(string name)
    {
        var contract = Contract(name);
        var keyed = Keyed(contract);
        var parameters = ConstructorOf(contract).GetParameters();

        keyed.Select(p => p.Key).ShouldBe(Enumerable.Range(0, keyed.Count));
        keyed.Select(p => p.Property.PropertyType).ShouldBe(parameters.Select(p => p.ParameterType), "a reader fills them by position");
        keyed.Select(p => p.Property.Name).ShouldBe(parameters.Select(p => p.Name!), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_goes_in_comes_out(string name)
    {
        var constructor = ConstructorOf(Contract(name));
        object?[] values = [.. constructor.GetParameters().Select((p, i) => Any(p.ParameterType, i + 1))];

        object contract = constructor.Invoke(values);

        Keyed(contract.GetType()).Select(p => Snapshot.Of(p.Property.GetValue(contract))).ShouldBe(values.Select(v => Snapshot.Of(v)));
        contract.ShouldBe(constructor.Invoke(values));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_contract_is_sealed(string name) => Contract(name).IsSealed.ShouldBeTrue();

    [Fact]
    public void Every_event_is_a_contract()
    {
        Type[] families = [typeof(ISweepEvent), typeof(ITrialEvent), typeof(Core.Coordination.ICoordinatorEvent)];
        var events = typeof(SweepId).Assembly.GetExportedTypes().Where(t => t.IsClass && families.Any(f => f.IsAssignableFrom(t))).ToList();

        events.Count.ShouldBeGreaterThan(10);
        events.ShouldAllBe(t => Contracts.Contains(t));
    }

    [Theory]
    [InlineData(typeof(TrialPhase), "Pending Running Paused Succeeded Pruned Failed Cancelled")]
    [InlineData(typeof(FailureClass), "UserError NonFinite OutOfMemory Lost Preempted Hardware")]
    [InlineData(typeof(SweepPhase), "Running Halted Succeeded Failed Paused Stopping Cancelled")]
    [InlineData(typeof(Verb), "Pause Resume Stop Cancel Retry")]
    [InlineData(typeof(Goal), "Minimize Maximize")]
    [InlineData(typeof(ParameterKind), "Number Integer Text Flag")]
    public void Numbers_of_an_enum_are_never_reused(Type type, string names)
    {
        string[] expected = names.Split(' ');

        Enum.GetNames(type).ShouldBe(expected);
        Enum.GetValuesAsUnderlyingType(type).Cast<int>().ShouldBe(Enumerable.Range(0, expected.Length));
    }

    [Fact]
    public void Tags_of_distributions_are_never_reused()
    {
        typeof(Distribution).GetCustomAttributes<UnionAttribute>().OrderBy(u => u.Key).Select(u => $"{u.Key} {u.SubType.Name}")
            .ShouldBe(["0 Constant", "1 Categorical", "2 Uniform", "3 LogUniform", "4 IntUniform", "5 Normal", "6 LogNormal", "7 Beta", "8 IntLogUniform", "9 Quantized"]);
    }

    private static Type Contract(string name) => Contracts.Single(t => t.FullName == name);

    private static ConstructorInfo ConstructorOf(Type type) => type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;

    private static List<(int Key, PropertyInfo Property)> Keyed(Type contract) =>
        [.. contract.GetProperties().Select(p => (p.GetCustomAttribute<KeyAttribute>()?.IntKey, p)).Where(p => p.IntKey is not null)
            .Select(p => (p.IntKey!.Value, p.p)).OrderBy(p => p.Value)];

    /// <summary>Some value of a type, another one for another number.</summary>
    private static object? Any(Type type, int number)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(number % Enum.GetValues(type).Length);
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 2);
            array.SetValue(Any(type.GetElementType()!, number), 0);
            array.SetValue(Any(type.GetElementType()!, number + 1), 1);
            return array;
        }

        if (type == typeof(string))
            return $"text {number}";
        if (type == typeof(Distribution))
            return new Uniform(0, number);
        if (type == typeof(Move))
            return new Move.Resume(number, number + 1);
        if (type.IsPrimitive)
            return Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        var constructor = ConstructorOf(type);
        return constructor.Invoke([.. constructor.GetParameters().Select((p, i) => Any(p.ParameterType, number + i))]);
    }
}
