using GenCluster.Configuration.Diagnostics;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>How Katib learns what a program measured: from its output, as here, or in other ways.</summary>
internal static class KatibCollector
{
    /// <summary>A command without arguments that has the way and the path of metrics.</summary>
    /// <param name="absolute">The path in the container.</param>
    public static CommandSpec Read(ForeignMap spec, SweepDraft draft, out string? absolute)
    {
        absolute = null;
        var command = new CommandSpec([]);
        if (spec.Map("metricsCollectorSpec") is not { } collector)
            return command;
        string kind = collector.Map("collector")?.Choice("kind", "StdOut", "File", "TensorFlowEvent", "PrometheusMetric", "Custom", "None", "Push") ?? "StdOut";
        var source = collector.Map("source");
        if (source?.Map("filter") is { } filter)
            draft.NotCarried(filter.Place, "metricsFormat", "a program prints name=value or JSON objects, one a line");
        if (source?.Map("fileSystemPath") is { } file)
            absolute = file.Text("path");
        switch (kind)
        {
            case "File" when absolute is { Length: > 0 } path:
                string name = path.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "metrics";
                if (name != path)
                    draft.Warn(source!.PlaceOf("fileSystemPath"), $"metrics are read from {Shown.Quoted(name)} in the trial's folder, and the command gets that name in the place of {Shown.Quoted(path)}");
                return command with { Metrics = MetricsSource.File, MetricsPath = name };
            case "StdOut" or "File":
                return command;
            default:
                draft.NotCarried(collector.PlaceOf("collector"), $"collector {kind}", "let the program print name=value or JSON objects, one a line, or send them to GENCLUSTER_METRICS_URL");
                return command;
        }
    }
}
