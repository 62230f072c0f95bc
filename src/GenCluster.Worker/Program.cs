using GenCluster.Worker;

return await WorkerCommand.RunAsync(args, Console.Error);
