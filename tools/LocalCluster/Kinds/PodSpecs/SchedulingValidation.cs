using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>What bears on where a pod runs, besides affinity: tolerations, gates and spreading.</summary>
internal static class SchedulingValidation
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    private static readonly string[] Operators = ["Equal", "Exists"];
    private static readonly string[] Unsatisfiable = ["DoNotSchedule", "ScheduleAnyway"];

    public static void Tolerations(JsonNode? spec, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var toleration in spec.Objects("tolerations"))
        {
            Toleration(toleration, $"{at}[{index++}]", errors);
        }
    }

    public static void Gates(JsonObject spec, string at, List<FieldError> errors)
    {
        var seen = new HashSet<string>();
        var index = 0;
        foreach (var name in spec.Objects("schedulingGates").Select(g => g.Text("name") ?? ""))
        {
            Checks.QualifiedName(name, $"{at}[{index}]", errors);
            if (!seen.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{at}[{index}]", FieldError.Quote(name)));
            }

            index++;
        }
    }

    public static void Spread(JsonObject spec, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var constraint in spec.Objects("topologySpreadConstraints"))
        {
            var field = $"{at}[{index++}]";
            if ((constraint.Number("maxSkew") ?? 0) <= 0)
            {
                errors.Add(FieldError.Invalid($"{field}.maxSkew", $"{constraint.Number("maxSkew") ?? 0}", "must be greater than zero"));
            }

            if (string.IsNullOrEmpty(constraint.Text("topologyKey")))
            {
                errors.Add(FieldError.Required($"{field}.topologyKey", "can not be empty"));
            }

            if (!Unsatisfiable.Contains(constraint.Text("whenUnsatisfiable")))
            {
                errors.Add(FieldError.NotSupported($"{field}.whenUnsatisfiable", FieldError.Quote(constraint.Text("whenUnsatisfiable")), Unsatisfiable));
            }

            Checks.Selector(constraint["labelSelector"], $"{field}.labelSelector", errors);
        }
    }

    private static void Toleration(JsonObject toleration, string at, List<FieldError> errors)
    {
        var (key, op, value, effect) =
            (toleration.Text("key") ?? "", toleration.Text("operator") ?? "", toleration.Text("value") ?? "", toleration.Text("effect") ?? "");
        if (key.Length > 0)
        {
            Checks.QualifiedName(key, $"{at}.key", errors);
        }
        else if (op != "Exists")
        {
            errors.Add(FieldError.Invalid(
                $"{at}.operator", FieldError.Quote(op), "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
        }

        if (toleration["tolerationSeconds"] is not null && effect != "NoExecute")
        {
            errors.Add(FieldError.Invalid($"{at}.effect", FieldError.Quote(effect), "effect must be 'NoExecute' when `tolerationSeconds` is set"));
        }

        switch (op)
        {
            case "" or "Equal":
                if (Names.WrongLabelValue(value) is { } wrong)
                {
                    errors.Add(FieldError.Invalid($"{at}.operator", FieldError.Quote(value), wrong));
                }

                break;
            case "Exists":
                if (value.Length > 0)
                {
                    errors.Add(FieldError.Invalid($"{at}.operator", FieldError.Quote(value), "value must be empty when `operator` is 'Exists'"));
                }

                break;
            default:
                errors.Add(FieldError.NotSupported($"{at}.operator", FieldError.Quote(op), Operators));
                break;
        }

        if (effect.Length > 0 && !Effects.Contains(effect))
        {
            errors.Add(FieldError.NotSupported($"{at}.effect", FieldError.Quote(effect), Effects));
        }
    }
}
