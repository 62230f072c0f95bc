using Xunit.Sdk;
using Xunit.v3;

// libtorch's generator and thread settings belong to the process.
[assembly: Parallelization(Mode = ParallelMode.None)]
