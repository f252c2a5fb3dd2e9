using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>RoleBindings and ClusterRoleBindings: who gets which role; the role can never be another.</summary>
internal sealed class BindingRules : KindRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public override void Default(JsonObject obj)
    {
        obj.Ensure("roleRef").SetDefault("apiGroup", Group);
        foreach (var subject in obj.Objects("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group")
            {
                subject.SetDefault("apiGroup", Group);
            }
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        if (obj.Text("roleRef", "kind") is not ("Role" or "ClusterRole"))
        {
            errors.Add(FieldError.NotSupported("roleRef.kind", FieldError.Quote(obj.Text("roleRef", "kind")), "ClusterRole", "Role"));
        }

        if (string.IsNullOrEmpty(obj.Text("roleRef", "name")))
        {
            errors.Add(FieldError.Required("roleRef.name"));
        }

        var index = 0;
        foreach (var subject in obj.Objects("subjects"))
        {
            if (string.IsNullOrEmpty(subject.Text("name")))
            {
                errors.Add(FieldError.Required($"subjects[{index}].name"));
            }

            if (subject.Text("kind") == "ServiceAccount" && string.IsNullOrEmpty(subject.Text("namespace")))
            {
                errors.Add(FieldError.Required($"subjects[{index}].namespace"));
            }

            index++;
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(obj["roleRef"], old["roleRef"]))
        {
            errors.Add(FieldError.Invalid("roleRef", obj["roleRef"]?.ToJsonString(ApiJson.Options) ?? "null", "cannot change roleRef"));
        }
    }

    public override string? WrongName(string name) => Names.WrongPathSegment(name);
}
