using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>ResourceQuotas: known resources in sensible amounts, and scopes that fit them and never change.</summary>
internal sealed class QuotaRules : KindRules
{
    private const string OnlyExists =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
        + "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

    private static readonly string[] Compute = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        Hard(obj.At("spec", "hard"), "spec.hard", errors);
        Hard(obj.At("status", "hard"), "status.hard", errors);
        Hard(obj.At("status", "used"), "status.used", errors);
        Scopes(obj["spec"]!.AsObject(), errors);
        if (obj.At("spec", "scopeSelector") is JsonObject)
        {
            Selector(obj["spec"]!.AsObject(), errors);
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        var (now, before) = (ScopeNames(obj["spec"]!.AsObject()), ScopeNames(old["spec"]!.AsObject()));
        if (!now.ToHashSet().SetEquals(before))
        {
            errors.Add(FieldError.Invalid("spec.scopes", Text(obj.At("spec", "scopes")), "field is immutable"));
        }
    }

    private static void Hard(JsonNode? amounts, string at, List<FieldError> errors)
    {
        foreach (var (name, quantity) in Amounts.Of(amounts))
        {
            var field = $"{at}[{name}]";
            ResourceNames.InQuota(name, field, errors);
            if (quantity < Quantity.Zero)
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote(quantity.ToString()), "must be greater than or equal to 0"));
            }

            if (ResourceNames.IsWhole(name) && quantity.RoundedUp != quantity)
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote(quantity.ToString()), "must be an integer"));
            }
        }
    }

    private static void Scopes(JsonObject spec, List<FieldError> errors)
    {
        const string At = "spec.scopes";
        var scopes = ScopeNames(spec);
        var shown = Text(spec["scopes"]);
        foreach (var scope in scopes)
        {
            if (!IsKnown(scope))
            {
                errors.Add(FieldError.Invalid(At, shown, "unsupported scope"));
            }

            errors.AddRange(Unfit(spec, scope).Select(_ => FieldError.Invalid(At, shown, "unsupported scope applied to resource")));
        }

        Conflicts(scopes, At, shown, errors);
    }

    private static void Selector(JsonObject spec, List<FieldError> errors)
    {
        const string At = "spec.scopeSelector.matchExpressions";
        var expressions = spec.Objects("scopeSelector", "matchExpressions").ToList();
        foreach (var expression in expressions)
        {
            var scope = expression.Text("scopeName") ?? "";
            if (!IsKnown(scope))
            {
                errors.Add(FieldError.Invalid($"{At}.scopeName", FieldError.Quote(scope), "unsupported scope"));
            }

            errors.AddRange(Unfit(spec, scope).Select(_ => FieldError.Invalid(At, GoStructs.ScopeSelector(spec["scopeSelector"]), "unsupported scope applied to resource")));
            var op = expression.Text("operator") ?? "";
            if (scope is "BestEffort" or "NotBestEffort" or "Terminating" or "NotTerminating" or "CrossNamespacePodAffinity" && op != "Exists")
            {
                errors.Add(FieldError.Invalid($"{At}.operator", FieldError.Quote(op), OnlyExists));
            }

            var hasValues = expression["values"] is JsonArray { Count: > 0 };
            if (op is "In" or "NotIn")
            {
                if (!hasValues)
                {
                    errors.Add(FieldError.Required($"{At}.values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
                }
            }
            else if (op is not ("Exists" or "DoesNotExist"))
            {
                errors.Add(FieldError.Invalid($"{At}.operator", FieldError.Quote(op), "not a valid selector operator"));
            }
            else if (hasValues)
            {
                errors.Add(FieldError.Invalid($"{At}.values", Text(expression["values"]), "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
            }
        }

        Conflicts([.. expressions.Select(e => e.Text("scopeName") ?? "")], At, Text(spec["scopes"]), errors);
    }

    private static void Conflicts(List<string> scopes, string at, string shown, List<FieldError> errors)
    {
        foreach (var scope in new[] { "BestEffort", "Terminating" })
        {
            if (scopes.Contains(scope) && scopes.Contains("Not" + scope))
            {
                errors.Add(FieldError.Invalid(at, shown, "conflicting scopes"));
            }
        }
    }

    /// <summary>Resources of the quota to which a scope cannot apply.</summary>
    private static IEnumerable<string> Unfit(JsonObject spec, string scope) => Amounts.Of(spec["hard"]).Keys.Where(ResourceNames.IsOfQuotas).Where(r => scope switch
    {
        "BestEffort" => r != "pods",
        "VolumeAttributesClass" => r is not ("persistentvolumeclaims" or "requests.storage"),
        _ => IsKnown(scope) && r != "pods" && !Compute.Contains(r),
    });

    private static bool IsKnown(string scope) =>
        scope is "Terminating" or "NotTerminating" or "BestEffort" or "NotBestEffort" or "PriorityClass" or "VolumeAttributesClass" or "CrossNamespacePodAffinity";

    private static List<string> ScopeNames(JsonObject spec) => [.. (spec["scopes"] as JsonArray ?? []).Select(s => (string?)s ?? "")];

    private static string Text(JsonNode? node) => node?.ToJsonString(ApiJson.Options) ?? "null";
}
