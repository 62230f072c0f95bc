using GenCluster.EndToEnd.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

// Each test uses the whole machine, and some measure time.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Controls))]
