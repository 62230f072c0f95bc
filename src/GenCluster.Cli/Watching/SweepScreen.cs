using System.Globalization;
using GenCluster.Core.Sweeps;
using GenCluster.Core.Trials;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GenCluster.Cli.Watching;

/// <summary>The room there is.</summary>
/// <param name="Pictures">Whether the terminal has the characters and colours for a picture.</param>
public sealed record ScreenSize(int Width, int Height, bool Pictures);

/// <summary>One frame of the live display: a pure function of what is known about the sweep and of the room there is.</summary>
public static class SweepScreen
{
    private const int BarWidth = 8;
    private const int MaxNotices = 3;
    private const int SmallestPicture = 8;
    private const int NarrowWidth = 80;

    /// <summary>Before the first view.</summary>
    public static IRenderable Starting(IReadOnlyList<string> said) => new Rows([new Text("starting the coordinator"), .. Notices(said, NarrowWidth)]);

    public static IRenderable Of(SweepView view, SweepEstimate estimate, IReadOnlyList<string> said, ScreenSize screen)
    {
        string[] halted = view.Phase is SweepPhase.Halted ? [$"halted: {view.HaltReason}"] : [];
        IRenderable[] frame = [Header(view, estimate, screen.Width), Text.Empty];
        IRenderable[] footer = [Workers(view, screen.Width), .. Losses(view, screen.Width), .. Waits(view, screen.Width), .. Notices([.. view.Notices, .. said, .. halted], screen.Width)];
        int room = screen.Height - frame.Length - footer.Length - 3; // title row, the line on what is not shown, the cursor's own
        var shown = TrialChoice.Choose(view, Math.Max(3, room));
        var table = Table(view, estimate, shown, screen);
        IRenderable[] more = shown.Count < view.Trials.Count ? [Dim($"and {view.Trials.Count - shown.Count} more", screen.Width)] : [];
        return new Rows([.. frame, table, .. more, .. footer, .. Picture(view, screen, room - shown.Count - 1)]);
    }

    private static Text Header(SweepView view, SweepEstimate estimate, int width)
    {
        int done = view.Trials.Count(t => t.Phase is not (TrialPhase.Pending or TrialPhase.Running or TrialPhase.Paused));
        string line = $"{view.Spec.Name}  {Words.Of(view.Phase)}  {done}/{view.Spec.Search.MaxTrials} trials  {Numbers.Duration(estimate.Elapsed)}";
        if (estimate.Left is { } left)
            line += $"  about {Numbers.Duration(left)} left";
        if (view.Untrained is { } untrained)
            line += $"  untrained {view.Spec.Objective.Metric} {Numbers.Significant(untrained, 4)}";
        return new Text(Clip(line, width), new Style(decoration: Decoration.Bold));
    }

    private static Table Table(SweepView view, SweepEstimate estimate, IReadOnlyList<TrialView> trials, ScreenSize screen)
    {
        bool wide = screen.Width >= NarrowWidth + 40 && view.Spec.Parameters.Parameters.Length > 0;
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        table.AddColumn(Column("  #", Justify.Right));
        table.AddColumn(Column("state", Justify.Left));
        table.AddColumn(Column("step", Justify.Left));
        table.AddColumn(Column("steps/s", Justify.Right));
        table.AddColumn(Column("losses", Justify.Left));
        table.AddColumn(Column(view.Spec.Objective.Metric, Justify.Right));
        table.AddColumn(Column("left", Justify.Right));
        if (wide)
            table.AddColumn(Column("parameters", Justify.Left));

        var best = view.Leaderboard().FirstOrDefault(t => t.Objective is { } o && double.IsFinite(o));
        var names = ParameterNames.Shorten([.. view.Spec.Parameters.Parameters.Select(p => p.Path)]);
        foreach (var trial in trials)
        {
            List<IRenderable> row = [.. Row(trial, trial == best, estimate)];
            if (wide)
                row.Add(Cell(Clip(ParameterText.Describe(trial.Assignment, names), screen.Width - NarrowWidth)));
            table.AddRow(row);
        }

        return table;
    }

    private static IEnumerable<IRenderable> Row(TrialView trial, bool best, SweepEstimate estimate)
    {
        bool runs = trial.Phase is TrialPhase.Running;
        yield return Cell((best ? "*" : "") + trial.Number.ToString(CultureInfo.InvariantCulture), best ? Color.Green : null);
        yield return Cell(Words.Of(trial.Phase), ColorOf(trial.Phase));
        yield return Cell($"{Bar(trial)} {Words.StepOf(trial.Step, trial.Steps)}");
        yield return Cell(runs && trial.StepsPerSecond > 0 ? Numbers.Significant(trial.StepsPerSecond, 3) : "");
        yield return Cell(runs ? string.Join(' ', LossChoice.Of(trial.Losses).Select(l => Numbers.Significant(l.Value, 3))) : "");
        yield return Cell(trial.Objective is { } objective ? Numbers.Significant(objective, 4) : "", best ? Color.Green : null);
        yield return Cell(estimate.Trials.TryGetValue(trial.Number, out var left) ? Numbers.Duration(left) : "");
    }

    private static string Bar(TrialView trial)
    {
        int full = trial.Steps <= 0 ? 0 : (int)Math.Clamp((long)trial.Step * BarWidth / trial.Steps, 0, BarWidth);
        return new string('━', full) + new string('╌', BarWidth - full);
    }

    private static Text Workers(SweepView view, int width)
    {
        if (view.Workers.Count == 0)
            return Dim("waiting for workers", width);
        string each = string.Join("   ", view.Workers.Select(w => w switch
        {
            { Alive: false } => $"{w.Worker} lost",
            { Trial: { } trial } => $"{w.Worker} {w.Device} on trial {trial.Number}",
            _ => $"{w.Worker} {w.Device} idle",
        }));
        if (each.Length <= width)
            return Dim(each, width);
        int lost = view.Workers.Count(w => !w.Alive), busy = view.Workers.Count(w => w is { Alive: true, Trial: not null });
        return Dim($"{view.Workers.Count} workers: {busy} busy, {view.Workers.Count - busy - lost} idle, {lost} lost", width);
    }

    private static IEnumerable<IRenderable> Losses(SweepView view, int width)
    {
        var shown = view.Trials.FirstOrDefault(t => t.Phase is TrialPhase.Running && t.Losses.Count > 0);
        return shown is null ? [] : [Dim($"losses: {string.Join(", ", LossChoice.Of(shown.Losses).Select(l => l.Name))}", width)];
    }

    private static IEnumerable<IRenderable> Waits(SweepView view, int width)
    {
        var first = view.Trials.FirstOrDefault(t => t.Waiting is not null);
        return first is null ? [] : [Dim($"trial {first.Number} waits: {first.Waiting}", width)];
    }

    private static IRenderable[] Notices(IReadOnlyList<string> notices, int width) =>
        [.. notices.TakeLast(MaxNotices).Select(n => new Text(Clip($"! {n}", width), new Style(Color.Yellow)))];

    private static IEnumerable<IRenderable> Picture(SweepView view, ScreenSize screen, int lines)
    {
        if (!screen.Pictures || lines < SmallestPicture || view.Picture is not { } newest || !HalfBlockPicture.CanShow(newest.Picture))
            return [];
        return [Dim($"samples of trial {newest.Trial} after step {newest.Step}", screen.Width), new HalfBlockPicture(newest.Picture, screen.Width, lines - 1)];
    }

    private static TableColumn Column(string title, Justify alignment) =>
        new TableColumn(new Text(title, new Style(decoration: Decoration.Dim))) { Alignment = alignment, NoWrap = true, Padding = new Padding(0, 0, 2, 0) };

    private static Text Cell(string text, Color? color = null) => new(text, color is { } c ? new Style(c) : Style.Plain) { Overflow = Overflow.Ellipsis };

    private static Text Dim(string text, int width) => new(Clip(text, width), new Style(decoration: Decoration.Dim));

    // One line always: what wraps would push the rest off the screen.
    private static string Clip(string text, int width)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, Math.Max(0, width - 1)), "…");
    }

    private static Color? ColorOf(TrialPhase phase) => phase switch
    {
        TrialPhase.Running => Color.Blue,
        TrialPhase.Succeeded => Color.Green,
        TrialPhase.Failed => Color.Red,
        TrialPhase.Pruned or TrialPhase.Cancelled => Color.Yellow,
        _ => null,
    };
}
