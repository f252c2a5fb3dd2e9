using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Roles and ClusterRoles.</summary>
internal sealed class RoleRules : KindRules
{
    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var index = 0;
        foreach (var rule in obj.Objects("rules"))
        {
            if (rule["verbs"] is not JsonArray { Count: > 0 })
            {
                errors.Add(FieldError.Required($"rules[{index}].verbs", "verbs must contain at least one value"));
            }

            if (rule["nonResourceURLs"] is null && rule["apiGroups"] is not JsonArray { Count: > 0 })
            {
                errors.Add(FieldError.Required($"rules[{index}].apiGroups", "resource rules must supply at least one api group"));
            }

            if (rule["nonResourceURLs"] is null && rule["resources"] is not JsonArray { Count: > 0 })
            {
                errors.Add(FieldError.Required($"rules[{index}].resources", "resource rules must supply at least one resource"));
            }

            index++;
        }
    }

    public override string? WrongName(string name) => Names.WrongPathSegment(name);
}
