using GenCluster.Benchmarks.CommandLine;

// Benchmarks start this program again as the members that they measure.
return args is [MemberCommand.Name, .. var member] ? MemberCommand.Run(member) : await App.RunAsync(args);
