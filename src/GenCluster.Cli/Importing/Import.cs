using System.Text;
using System.Text.Json;
using GenCluster.Cli.CommandLine;
using GenCluster.Cli.Leaderboards;
using GenCluster.Cli.Runs;
using GenCluster.Configuration;
using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Exporters;
using GenCluster.Core.Sweeps;

namespace GenCluster.Cli.Importing;

/// <summary>Imports: the new file to standard output, what is said of the old one to standard error.</summary>
internal static class Import
{
    private static readonly string[] Default = ["${env}", "${interpreter}", "${program}", "${args}"];

    public static int Run(ImportSettings settings, CliPorts ports)
    {
        var result = SweepFiles.Told(settings.File, Asked(settings, SweepFile.LoadToImport(settings.File)), "", ports.Error);
        if (result.Spec is not { } spec)
            return ExitCode.WrongInput;
        var export = SweepExport.To(settings.To, settings.Program is { } program ? With(program, spec) : spec);
        foreach (string fault in export.Faults)
            ports.Error.WriteLine($"gencluster: {fault}");
        foreach (string note in export.Notes)
            ports.Error.WriteLine($"note: {note}");
        if (export.Text is not { } text)
            return ExitCode.WrongInput;
        if (settings.Output is OutputFormat.Json)
            WriteJson(result, export, ports.Out);
        else
            ports.Out.Write(text);
        return ExitCode.Done;
    }

    /// <summary>That nothing says what a trial runs is no news to whoever gives a program, and can be helped by giving one.</summary>
    private static SweepFileResult Asked(ImportSettings settings, SweepFileResult result) => result with
    {
        Diagnostics =
        [
            .. result.Diagnostics.Where(d => d.Code != DiagnosticCodes.NothingToRun || settings.Program is null)
                .Select(d => d.Code == DiagnosticCodes.NothingToRun ? d with { Message = $"{d.Message}; or give --program here" } : d),
        ],
    };

    private static SweepSpec With(string program, SweepSpec spec)
    {
        var command = spec.Trainable.Command ?? throw new CliException(ExitCode.WrongInput, "--program is for sweeps of a program, and this one trains a model of GenCluster");
        if (!command.Arguments.Contains("${program}"))
            command = command with { Arguments = command.Arguments.Length == 0 ? Default : ["${env}", "${interpreter}", "${program}", .. command.Arguments] };
        return spec with { Trainable = spec.Trainable with { Command = command with { Program = program } } };
    }

    private static void WriteJson(SweepFileResult result, ExportResult export, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonValues.Indented))
        {
            json.WriteStartObject();
            json.WriteString("recognisedAs", result.ForeignKind ?? "a sweep of GenCluster");
            json.WriteString("text", export.Text);
            json.WriteStartArray("diagnostics");
            foreach (var diagnostic in result.Diagnostics)
            {
                json.WriteStartObject();
                json.WriteNumber("line", diagnostic.Line);
                json.WriteNumber("column", diagnostic.Column);
                json.WriteString("severity", diagnostic.Word);
                json.WriteString("code", diagnostic.Code);
                json.WriteString("message", diagnostic.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (string note in export.Notes)
                json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
