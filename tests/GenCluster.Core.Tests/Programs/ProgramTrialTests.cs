using GenCluster.Core.Parameters;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using static GenCluster.Core.Tests.Support.Samples;

namespace GenCluster.Core.Tests.Programs;

/// <summary>Where a trial that is a program differs from one of the zoo.</summary>
public sealed class ProgramTrialTests
{
    private static readonly SweepSpec Programs = Spec with
    {
        Trainable = new TrainableSpec(CommandSpec.Model, Assignment.Empty, new CommandSpec(["train"])),
        Resources = Spec.Resources with { MinWorkers = 3, MaxWorkers = 5 },
    };

    private static readonly TrialDefinition Program = TrialDefinition.Of(Programs, Trial, Assignment.Empty);

    [Fact]
    public void A_program_reports_and_stores_when_it_likes_and_a_model_when_it_should()
    {
        int odd = Definition.Training.Steps + 1;

        Program.IsEvaluatedAt(odd).ShouldBeTrue();
        Program.IsEvaluatedAt(-1).ShouldBeFalse();
        Program.HasStep(odd).ShouldBeTrue();
        Definition.IsEvaluatedAt(odd).ShouldBeFalse();
        Definition.IsEvaluatedAt(Definition.Training.Steps).ShouldBeTrue();
        Definition.HasStep(odd).ShouldBeFalse();
    }

    [Fact]
    public void A_gang_of_programs_has_one_size_whatever_the_shards()
    {
        Program.Training.Shards.ShouldBe(3);
        Program.LargestGang.ShouldBe(3);
        Programs.SmallestGang.ShouldBe(3);
        Definition.LargestGang.ShouldBe(Definition.Resources.MaxWorkers);
        Definition.Training.ShouldBe(Spec.Training);
    }
}
