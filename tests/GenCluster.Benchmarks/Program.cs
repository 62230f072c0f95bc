using GenCluster.Benchmarks.CommandLine;

// Benchmarks start this program again as the members that they measure.
return args is [MemberCommand.Name, .. var member] ? await MemberCommand.RunAsync(member) : await App.RunAsync(args);
