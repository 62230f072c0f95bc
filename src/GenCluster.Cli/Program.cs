Console.WriteLine("gencluster");
