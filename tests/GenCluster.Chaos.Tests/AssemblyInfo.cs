using GenCluster.Chaos.Tests.Harness;
using Xunit.Sdk;
using Xunit.v3;

// Each fault has the whole machine to itself, and its time is measured.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Controls))]
[assembly: AssemblyFixture(typeof(ChaosReport))]
