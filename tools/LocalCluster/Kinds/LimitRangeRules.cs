using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>LimitRanges: defaults that follow from each other, and bounds that do not contradict each other.</summary>
internal sealed class LimitRangeRules : KindRules
{
    private static readonly string[] Types = ["Pod", "Container", "PersistentVolumeClaim"];

    public override void Default(JsonObject obj)
    {
        foreach (var limit in obj.Objects("spec", "limits").Where(l => l.Text("type") == "Container"))
        {
            Follow(limit, "max", "default");
            Follow(limit, "default", "defaultRequest");
            Follow(limit, "min", "defaultRequest");
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var seen = new HashSet<string>();
        var index = 0;
        foreach (var limit in obj.Objects("spec", "limits"))
        {
            var at = $"spec.limits[{index++}]";
            var type = limit.Text("type") ?? "";
            var before = errors.Count;
            Checks.QualifiedName(type, $"{at}.type", errors);
            if (errors.Count == before && !type.Contains('/') && !Types.Contains(type))
            {
                errors.Add(FieldError.Invalid($"{at}.type", FieldError.Quote(type), "must be a standard limit type or fully qualified"));
            }

            if (!seen.Add(type))
            {
                errors.Add(FieldError.Duplicate($"{at}.type", FieldError.Quote(type)));
            }

            Item(limit, type, at, errors);
        }
    }

    /// <summary>What one list says, another says too where it is silent.</summary>
    private static void Follow(JsonObject limit, string from, string to)
    {
        foreach (var (name, value) in limit[from] as JsonObject ?? [])
        {
            limit.Ensure(to).SetDefault(name, value!.DeepClone());
        }
    }

    private static void Item(JsonObject limit, string type, string at, List<FieldError> errors)
    {
        var max = Read("max");
        var min = Read("min");
        Amounts defaults = [], requests = [];
        if (type == "Pod")
        {
            foreach (var field in new[] { "default", "defaultRequest" })
            {
                if (limit[field] is JsonObject { Count: > 0 })
                {
                    errors.Add(FieldError.Forbidden($"{at}.{field}", "may not be specified when `type` is 'Pod'"));
                }
            }
        }
        else
        {
            defaults = Read("default");
            requests = Read("defaultRequest");
        }

        if (type == "PersistentVolumeClaim" && !min.ContainsKey("storage") && !max.ContainsKey("storage"))
        {
            errors.Add(FieldError.Required($"{at}.limits", "either minimum or maximum storage value is required, but neither was provided"));
        }

        var ratios = Read("maxLimitRequestRatio");
        foreach (var name in max.Keys.Concat(min.Keys).Concat(defaults.Keys).Concat(requests.Keys).Concat(ratios.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            Compare("min", name, min, "min value", max, "max value");
            Compare("defaultRequest", name, min, "min value", requests, "default request value", shown: requests);
            Compare("defaultRequest", name, requests, "default request value", max, "max value");
            Compare("defaultRequest", name, requests, "default request value", defaults, "default limit value");
            Compare("default", name, min, "min value", defaults, "default value");
            Compare("default", name, defaults, "default value", max, "max value", shown: max);
            Ratio(name, at, ratios, min, max, errors);
            if (!ResourceNames.IsOvercommitAllowed(name) && defaults.TryGetValue(name, out var whole) && requests.TryGetValue(name, out var asked) && whole.CompareTo(asked) != 0)
            {
                errors.Add(FieldError.Invalid($"{at}.defaultRequest[{name}]", FieldError.Quote(asked.ToString()), $"default value {whole} must equal to defaultRequest value {asked} in {name}"));
            }
        }

        Amounts Read(string field)
        {
            var amounts = Amounts.Of(limit[field]);
            foreach (var name in amounts.Keys)
            {
                if (type is "Pod" or "Container")
                {
                    ResourceNames.InContainer(name, $"{at}.{field}[{name}]", errors);
                }
                else
                {
                    ResourceNames.Any(name, $"{at}.{field}[{name}]", errors);
                }
            }

            return amounts;
        }

        void Compare(string field, string name, Amounts lower, string lowerWords, Amounts upper, string upperWords, Amounts? shown = null)
        {
            if (lower.TryGetValue(name, out var small) && upper.TryGetValue(name, out var large) && small > large)
            {
                errors.Add(FieldError.Invalid(
                    $"{at}.{field}[{name}]", FieldError.Quote((shown ?? lower)[name].ToString()), $"{lowerWords} {small} is greater than {upperWords} {large}"));
            }
        }
    }

    private static void Ratio(string name, string at, Amounts ratios, Amounts min, Amounts max, List<FieldError> errors)
    {
        if (!ratios.TryGetValue(name, out var ratio))
        {
            return;
        }

        var field = $"{at}.maxLimitRequestRatio[{name}]";
        if (ratio < Quantity.One)
        {
            errors.Add(FieldError.Invalid(field, FieldError.Quote(ratio.ToString()), $"ratio {ratio} is less than 1"));
        }

        if (min.TryGetValue(name, out var least) && max.TryGetValue(name, out var most))
        {
            var limit = (double)most.Nano / (double)least.Nano;
            if ((double)ratio.Milli / 1000 > limit)
            {
                errors.Add(FieldError.Invalid(
                    field, FieldError.Quote(ratio.ToString()), string.Create(CultureInfo.InvariantCulture, $"ratio {ratio} is greater than max/min = {limit:F6}")));
            }
        }
    }
}
