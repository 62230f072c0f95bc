using GenCluster.Worker;
using GenCluster.Worker.Programs;

return args is [Guard.Argument] ? Guard.Run() : await WorkerCommand.RunAsync(args, Console.Error);
