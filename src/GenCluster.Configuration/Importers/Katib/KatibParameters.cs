using GenCluster.Configuration.Diagnostics;
using GenCluster.Configuration.Yaml;
using GenCluster.Core.Parameters;

namespace GenCluster.Configuration.Importers.Katib;

/// <summary>The parameters of a Katib Experiment. Everything in them is a text; the type says what is meant.</summary>
internal static class KatibParameters
{
    public static void Read(ForeignMap spec, SweepDraft draft)
    {
        if (spec.List("parameters") is not { } parameters)
        {
            if (!spec.Has("parameters"))
                draft.Wrong(spec.Place, "spec.parameters: missing, but required; write a list of {name, parameterType, feasibleSpace}");
            return;
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            string path = $"spec.parameters[{i}]";
            if (parameters[i] is MapNode map)
                ReadOne(new ForeignMap(map, path, draft), draft);
            else
                draft.Wrong(parameters[i].Place, $"{path}: got {parameters[i].Describe()}; write {{name, parameterType, feasibleSpace}}");
        }
    }

    private static void ReadOne(ForeignMap parameter, SweepDraft draft)
    {
        string? name = parameter.Text("name");
        if (string.IsNullOrEmpty(name))
            draft.Wrong(parameter.Place, $"{parameter.PathOf("name")}: missing, but required; write the parameter's name");
        if (!parameter.Has("parameterType"))
            draft.Wrong(parameter.Place, $"{parameter.PathOf("parameterType")}: missing, but required; write double, int, discrete or categorical");
        string? type = parameter.Choice("parameterType", "double", "int", "discrete", "categorical");
        if (!parameter.Has("feasibleSpace"))
            draft.Wrong(parameter.Place, $"{parameter.PathOf("feasibleSpace")}: missing, but required; write {{min, max}} or {{list}}");
        if (parameter.Map("feasibleSpace") is not { } space || type is null || string.IsNullOrEmpty(name))
            return;

        var draws = new Draws(draft, name, parameter.Place);
        draft.Add(parameter.Place, name, type is "discrete" or "categorical" ? ReadList(space, type, name, draws, draft) : KatibRange.Read(space, type is "int", draws, draft));
        space.RestIsNotCarried($"it does not go with type {type}");
        parameter.RestIsNotCarried("v1beta1 knows no such key");
    }

    /// <summary>A list of one is how Katib says that a parameter is fixed.</summary>
    private static Distribution? Fixed(Distribution? choice) => choice is Categorical { Values: [var only] } ? new Constant(only) : choice;

    private static Distribution? ReadList(ForeignMap space, string type, string name, Draws draws, SweepDraft draft)
    {
        if (space.List("list") is not { } items)
            return space.Has("list") ? null : draws.Wrong($"type {type} needs feasibleSpace.list; write the values");
        var texts = items.OfType<ScalarNode>().Select(s => s.Text).ToList();
        if (texts.Count < items.Count)
            return draws.Wrong("feasibleSpace.list holds more than single values; write texts");
        if (type is "categorical")
            return Fixed(draws.OneOf([.. texts.Select(ParameterValue.Of)], distinct: true));

        var numbers = texts.ConvertAll(t => Yaml11.NumberOf(t));
        if (numbers.Contains(null))
            return draws.Wrong($"type discrete takes numbers, and {Shown.Quoted(texts[numbers.IndexOf(null)])} is none; write a number, or type categorical");
        bool whole = texts.TrueForAll(t => Yaml11.IntegerOf(t) is not null);
        return Fixed(draws.OneOf([.. texts.Select((t, i) => whole ? ParameterValue.Of(Yaml11.IntegerOf(t)!.Value) : ParameterValue.Of(numbers[i]!.Value))], distinct: true));
    }
}
