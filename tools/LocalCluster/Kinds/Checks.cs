using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Checks that many kinds need, each with the API server's words for what is wrong.</summary>
internal static partial class Checks
{
    private const string FileMode = "must be a number between 0 and 0777 (octal), both inclusive";

    /// <summary>A text that is one of a few, where it is set.</summary>
    public static void Known(JsonNode? obj, string name, string at, IReadOnlyList<string> supported, List<FieldError> errors)
    {
        if (obj.Text(name) is { } value && !supported.Contains(value))
        {
            errors.Add(FieldError.NotSupported($"{at}.{name}", FieldError.Quote(value), supported));
        }
    }

    /// <summary>A text that must be set.</summary>
    public static void Given(JsonNode? obj, string name, string at, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(obj.Text(name)))
        {
            errors.Add(FieldError.Required($"{at}.{name}"));
        }
    }

    public static void NotNegative(JsonNode? obj, string name, string at, List<FieldError> errors)
    {
        if (obj.Number(name) is < 0 and var value)
        {
            errors.Add(FieldError.Invalid($"{at}.{name}", $"{value}", "must be greater than or equal to 0"));
        }
    }

    /// <summary>A user's or group's number.</summary>
    public static void Id(JsonNode? value, string at, List<FieldError> errors)
    {
        if (value.Number() is < 0 or > int.MaxValue)
        {
            errors.Add(FieldError.Invalid(at, $"{value.Number()}", "must be between 0 and 2147483647, inclusive"));
        }
    }

    public static void Mode(JsonNode? obj, string name, string at, List<FieldError> errors)
    {
        if (obj.Number(name) is (< 0 or > 511) and var mode)
        {
            errors.Add(FieldError.Invalid($"{at}.{name}", $"{mode}", FileMode));
        }
    }

    /// <summary>A port by number or by name. Missing is 0.</summary>
    public static void Port(JsonNode? port, string at, List<FieldError> errors)
    {
        if (port is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            var name = (string)value!;
            errors.AddRange(Names.PortNameProblems(name).Select(p => FieldError.Invalid(at, FieldError.Quote(name), p)));
        }
        else
        {
            PortRules.Number(port.Number() ?? 0, at, errors);
        }
    }

    public static void Address(string text, string at, List<FieldError> errors)
    {
        if (!IsAddress(text))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(text), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }
    }

    public static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || Dotted().IsMatch(text));

    public static bool IsRange(string text) => text.Split('/') is [var address, _] && IsAddress(address) && IPNetwork.TryParse(text, out _);

    public static void Range(string text, string at, List<FieldError> errors)
    {
        if (text.Split('/') is not [var address, var bits] || !IsAddress(address) || !int.TryParse(bits, out var length)
            || length < 0 || length > (address.Contains(':') ? 128 : 32))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(text), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));
        }
    }

    /// <summary>A relative path that stays below where it starts.</summary>
    public static void RelativePath(string path, string at, List<FieldError> errors)
    {
        if (path.StartsWith('/'))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(path), "must be a relative path"));
        }

        NoBacksteps(path, at, errors);
    }

    public static void NoBacksteps(string path, string at, List<FieldError> errors)
    {
        if (path.Split('/').Contains(".."))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(path), "must not contain '..'"));
        }
    }

    public static void QualifiedName(string name, string at, List<FieldError> errors) =>
        errors.AddRange(Names.QualifiedNameProblems(name).Select(p => FieldError.Invalid(at, FieldError.Quote(name), p)));

    public static void Name(JsonNode? obj, string name, string at, Func<string, string?> wrong, List<FieldError> errors)
    {
        if (obj.Text(name) is { Length: > 0 } value && wrong(value) is { } problem)
        {
            errors.Add(FieldError.Invalid($"{at}.{name}", FieldError.Quote(value), problem));
        }
    }

    /// <summary>matchLabels and matchExpressions.</summary>
    public static void Selector(JsonNode? selector, string at, List<FieldError> errors)
    {
        MetadataRules.Labels(selector.At("matchLabels") as JsonObject, $"{at}.matchLabels", errors);
        var index = 0;
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            Requirement(expression, $"{at}.matchExpressions[{index++}]", errors);
            var values = expression["values"] as JsonArray ?? [];
            for (var i = 0; i < values.Count; i++)
            {
                if (Names.WrongLabelValue((string?)values[i] ?? "") is { } wrong)
                {
                    errors.Add(FieldError.Invalid($"{at}.matchExpressions[{index - 1}].values[{i}]", FieldError.Quote((string?)values[i]), wrong));
                }
            }
        }
    }

    /// <summary>One expression of a selector, but for what its values look like.</summary>
    public static void Requirement(JsonObject expression, string at, List<FieldError> errors, bool ofNodes = false)
    {
        var has = expression["values"] is JsonArray { Count: > 0 } values ? values.Count : 0;
        switch (expression.Text("operator"))
        {
            case "In" or "NotIn" when has == 0:
                errors.Add(FieldError.Required($"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'"));
                break;
            case "Exists" or "DoesNotExist" when has > 0:
                errors.Add(FieldError.Forbidden($"{at}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                break;
            case "Gt" or "Lt" when ofNodes && has != 1:
                errors.Add(FieldError.Required($"{at}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'"));
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
            case "Gt" or "Lt" when ofNodes:
                break;
            default:
                errors.Add(FieldError.Invalid($"{at}.operator", FieldError.Quote(expression.Text("operator")), "not a valid selector operator"));
                break;
        }

        QualifiedName(expression.Text("key") ?? "", $"{at}.key", errors);
    }

    /// <summary>A count or a percentage.</summary>
    public static void CountOrPercent(JsonNode? value, string at, List<FieldError> errors)
    {
        if (value is not JsonValue given)
        {
            return;
        }

        if (given.GetValueKind() != JsonValueKind.String)
        {
            if (given.Number() is < 0 and var number)
            {
                errors.Add(FieldError.Invalid(at, $"{number}", "must be greater than or equal to 0"));
            }
        }
        else if (!Percent().IsMatch((string)given!))
        {
            errors.Add(FieldError.Invalid(
                at, FieldError.Quote((string?)given),
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"));
        }
    }

    /// <summary>A percentage of at most 100.</summary>
    public static void AtMostAll(JsonNode? value, string at, List<FieldError> errors)
    {
        if (PercentOf(value) > 100)
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote((string?)value), "must not be greater than 100%"));
        }
    }

    /// <summary>A count, or a percentage as its number.</summary>
    public static long CountOf(JsonNode? value) => PercentOf(value) ?? value.Number() ?? 0;

    private static long? PercentOf(JsonNode? value) =>
        value is JsonValue given && given.GetValueKind() == JsonValueKind.String && Percent().IsMatch((string)given!) && long.TryParse(((string)given!)[..^1], out var percent)
            ? percent
            : null;

    [GeneratedRegex("^[0-9]+%$", RegexOptions.CultureInvariant)]
    private static partial Regex Percent();

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$", RegexOptions.CultureInvariant)]
    private static partial Regex Dotted();
}
