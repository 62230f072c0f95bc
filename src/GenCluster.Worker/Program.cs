using GenCluster.Worker;

return await WorkerCommand.Create().Parse(args).InvokeAsync();
