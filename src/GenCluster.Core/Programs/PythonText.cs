using System.Globalization;
using System.Text;
using System.Text.Json;
using GenCluster.Core.Parameters;

namespace GenCluster.Core.Programs;

/// <summary>Values as Python prints them, which is how W&amp;B hands them to programs.</summary>
public static class PythonText
{
    private const int FirstWithExponent = 16, LastWithExponent = -5; // Python's repr: 1e16 and 1e-05, else in full

    /// <summary><c>0.001</c>, <c>1e-05</c>, <c>64</c>, <c>True</c>, <c>adam</c>.</summary>
    public static string Of(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Number => Number(value.Number),
        ParameterKind.Flag => value.AsFlag() ? "True" : "False",
        _ => value.ToString(),
    };

    /// <summary>An object of JSON with a member for each setting, as Python's <c>json.dumps</c> writes it.</summary>
    public static string Json(Assignment values)
    {
        var text = new StringBuilder("{");
        foreach (var (path, value) in values.Settings)
            text.Append(text.Length > 1 ? ", " : "").Append(JsonSerializer.Serialize(path)).Append(": ").Append(Json(value));
        return text.Append('}').ToString();
    }

    /// <summary>The same for W&amp;B's client, which takes each value in an object of its own (and reads YAML, so JSON too).</summary>
    public static string WandbConfig(Assignment values) =>
        "{\"wandb_version\": 1" + string.Concat(values.Settings.Select(s => $", {JsonSerializer.Serialize(s.Path)}: {{\"value\": {Json(s.Value)}}}")) + "}";

    private static string Json(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Text => JsonSerializer.Serialize(value.AsText()),
        ParameterKind.Flag => value.AsFlag() ? "true" : "false",
        _ => Of(value),
    };

    /// <summary>The shortest digits that read back as the same number, with a point or an exponent.</summary>
    private static string Number(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        if (value == 0)
            return double.IsNegative(value) ? "-0.0" : "0.0";

        string sign = value < 0 ? "-" : "";
        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        string[] parts = shortest.Split('E');
        string[] mantissa = parts[0].Split('.');
        string fraction = mantissa.Length > 1 ? mantissa[1] : "";
        string digits = (mantissa[0] + fraction).TrimStart('0');
        int leading = mantissa[0].Length + fraction.Length - digits.Length;
        int exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) + mantissa[0].Length - 1 - leading;
        digits = digits.TrimEnd('0');
        return sign + Place(digits, exponent);
    }

    /// <param name="digits">Without zeros at either end.</param>
    /// <param name="exponent">Of ten, for the first digit.</param>
    private static string Place(string digits, int exponent)
    {
        if (exponent is >= FirstWithExponent or <= LastWithExponent)
        {
            string point = digits.Length > 1 ? "." : "";
            return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{point}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        return digits.Length <= exponent + 1
            ? digits.PadRight(exponent + 1, '0') + ".0"
            : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }
}
