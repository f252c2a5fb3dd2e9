using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PriorityClasses: numbers that users may give, fixed once made.</summary>
internal sealed class PriorityClassRules : KindRules
{
    private const long Highest = 1_000_000_000;
    private const string SystemPrefix = "system-";

    private static readonly string[] Policies = ["PreemptLowerPriority", "Never"];
    private static readonly Dictionary<string, long> OfSystem = new() { ["system-node-critical"] = 2000001000, ["system-cluster-critical"] = 2000000000 };

    public override void Default(JsonObject obj) => obj.SetDefault("preemptionPolicy", "PreemptLowerPriority");

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var name = obj.Text("metadata", "name") ?? "";
        if (name.StartsWith(SystemPrefix, StringComparison.Ordinal))
        {
            if (!OfSystem.TryGetValue(name, out var value) || value != obj.Number("value"))
            {
                errors.Add(FieldError.Forbidden(
                    "metadata.name",
                    $"priority class names with '{SystemPrefix}' prefix are reserved for system use only. error: {name} is not a known system priority class"));
            }
        }
        else if (obj.Number("value") > Highest)
        {
            errors.Add(FieldError.Forbidden("value", $"maximum allowed value of a user defined priority is {Highest}"));
        }

        if (obj.Text("preemptionPolicy") is { } policy && !Policies.Contains(policy))
        {
            errors.Add(FieldError.NotSupported("preemptionPolicy", FieldError.Quote(policy), Policies));
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if ((obj.Number("value") ?? 0) != (old.Number("value") ?? 0))
        {
            errors.Add(FieldError.Forbidden("value", "may not be changed in an update."));
        }

        if (obj.Text("preemptionPolicy") != old.Text("preemptionPolicy"))
        {
            errors.Add(FieldError.Invalid("preemptionPolicy", FieldError.Quote(obj.Text("preemptionPolicy")), "field is immutable"));
        }
    }
}
