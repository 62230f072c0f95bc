using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Sweeps;

namespace GenCluster.Configuration.Importers.Nni;

/// <summary>
/// Experiments of NNI, of version 2 and the older ones (microsoft/nni, docs/source/reference/experiment_config.rst), and search
/// spaces of it alone, which are in a file of their own as a rule.
/// </summary>
internal sealed class NniImporter : ISweepImporter
{
    private static readonly string[] SpaceFiles = ["searchSpaceFile", "searchSpacePath"];
    private static readonly string[] Marks = ["trialCommand", "trial", "tuner", "advisor", "trialConcurrency", "trainingService", "trainingServicePlatform"];

    public string Kind => "an NNI experiment";

    public bool Recognises(MapNode root) =>
        ((root.Find("searchSpace") is MapNode || SpaceFiles.Any(f => root.Find(f) is not null)) && Array.Exists(Marks, m => root.Find(m) is not null)) || IsSpace(root);

    public void Read(ForeignMap root, SweepDraft draft)
    {
        if (IsSpace(root.Node))
        {
            new NniSpace(draft).Read(root.Node, "", null);
            draft.Objective = new ObjectiveSpec("default", Goal.Maximize);
            draft.Warn(root.Place, "this is a search space alone; the objective is NNI's own, to maximize the metric 'default'");
            draft.MaxTrials = GridSize.Of(draft.Parameters);
            NoProgram(root, draft);
            return;
        }

        if (!ReadSpace(root, draft))
            return;
        draft.Name = root.Text("experimentName");
        NniTuner.Read(root, draft);
        ReadCounts(root, draft);
        ReadTrial(root, draft);
        root.Ignore("authorName", "useAnnotation", "debug", "logLevel", "experimentWorkingDirectory", "logDir", "tunerGpuIndices", "logCollection", "nniManagerIp", "experimentType");
        root.NotCarried("workers are started by gencluster, or wait for it", "trainingService", "trainingServicePlatform", "machineList", "localConfig", "remoteConfig", "kubeflowConfig", "paiConfig", "sharedStorage");
        root.NotCarried("a trial ends when its program does, or is stopped by earlyStopping", "maxTrialDuration");
        root.RestIsNotCarried("a sweep has no such thing here");
    }

    private static bool IsSpace(MapNode root) =>
        root.Entries.Count > 0 && root.Entries.TrueForAll(e => e.Value is MapNode map && map.Find("_type") is ScalarNode && map.Find("_value") is ListNode);

    private static bool ReadSpace(ForeignMap root, SweepDraft draft)
    {
        if (root.Map("searchSpace") is { } space)
        {
            new NniSpace(draft).Read(space.Node, "", null);
            return true;
        }

        string key = SpaceFiles.First(root.Has);
        draft.Error(root.Find(key)!.Place, DiagnosticCodes.SpaceElsewhere,
            $"{key}: the search space is in another file, {Shown.Quoted(root.Text(key) ?? "")}, and only this one is read; copy what is in it under a key searchSpace in the place of this line");
        return false;
    }

    private static void ReadCounts(ForeignMap root, SweepDraft draft)
    {
        draft.MaxTrials = root.Integer("maxTrialNumber", 1, int.MaxValue) ?? root.Integer("maxTrialNum", 1, int.MaxValue);
        draft.ParallelTrials = root.Integer("trialConcurrency", 1, int.MaxValue) ?? 1;
        if (draft.Algorithm is "grid" && GridSize.Of(draft.Parameters) is { } grid)
            draft.MaxTrials = Math.Min(draft.MaxTrials ?? long.MaxValue, grid);
        if (draft.MaxTrials is null)
            draft.Warn(root.Place, $"there is no maxTrialNumber, so NNI would go on until it is stopped; here after {SweepDraft.Endless} trials at the latest");
        foreach (string key in (string[])["maxExperimentDuration", "maxExecDuration"])
        {
            if (root.Text(key) is not { } duration)
                continue;
            if (Seconds(duration) is { } seconds)
                draft.WallClockSeconds = seconds;
            else
                draft.Wrong(root.Find(key)!.Place, $"{key}: got {Shown.Quoted(duration)}; write a number of seconds, or one with s, m, h or d behind it");
        }
    }

    private static long? Seconds(string text)
    {
        long unit = text.Length == 0 ? 1 : text[^1] switch { 'd' => 86_400, 'h' => 3_600, 'm' => 60, _ => 1 };
        string number = text.TrimEnd('s', 'm', 'h', 'd');
        return Yaml11.NumberOf(number) is { } n && n * unit is > 0 and < 1e9 ? (long)Math.Ceiling(n * unit) : null;
    }

    private static void ReadTrial(ForeignMap root, SweepDraft draft)
    {
        var old = root.Find("trial") is MapNode ? root.Map("trial") : null;
        string? line = root.Text("trialCommand") ?? old?.Text("command");
        if ((root.Integer("trialGpuNumber", 0, 1024) ?? old?.Integer("gpuNum", 0, 1024)) is > 0)
            draft.Device = "cuda";
        if ((root.Text("trialCodeDirectory") ?? old?.Text("codeDir")) is { } folder and not ".")
            draft.Warn(root.Has("trialCodeDirectory") ? root.PlaceOf("trialCodeDirectory") : root.PlaceOf("trial"), $"the program is in {Shown.Quoted(folder)}; write that folder, absolute, as trainable.folder");
        old?.RestIsNotCarried("a sweep has no such thing here");
        if (line is null)
        {
            NoProgram(root, draft);
            return;
        }

        draft.Command = new CommandSpec(ShellWords.Split(line));
        draft.Warn(root.Has("trialCommand") ? root.PlaceOf("trialCommand") : root.PlaceOf("trial"),
            "the program asks NNI for its parameters, with nni.get_next_parameter(); here they are in the environment, add ${args} to the command to have them on its line. "
            + $"What it reports to NNI it has to print: {{\"{draft.Objective?.Metric}\": 0.5}}");
    }

    private static void NoProgram(ForeignMap root, SweepDraft draft)
    {
        draft.Command = new CommandSpec([]);
        draft.NothingToRun(root.Place, "nothing says what a trial runs; write trainable.command before you run the sweep");
    }
}
