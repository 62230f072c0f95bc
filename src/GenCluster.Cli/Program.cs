using GenCluster.Cli.CommandLine;

return await App.RunAsync(args, CliPorts.OfProcess());
