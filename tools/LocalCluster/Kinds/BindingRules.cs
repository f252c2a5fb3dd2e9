using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>RoleBindings and ClusterRoleBindings: who gets which role; the role can never be another.</summary>
internal sealed class BindingRules(bool isNamespaced) : KindRules
{
    private const string Group = "rbac.authorization.k8s.io";

    private static readonly string[] SubjectKinds = ["ServiceAccount", "User", "Group"];

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
        var role = obj["roleRef"];
        var kinds = isNamespaced ? (string[])["Role", "ClusterRole"] : ["ClusterRole"];
        if (role.Text("apiGroup") != Group)
        {
            errors.Add(FieldError.NotSupported("roleRef.apiGroup", FieldError.Quote(role.Text("apiGroup")), Group));
        }

        if (!kinds.Contains(role.Text("kind")))
        {
            errors.Add(FieldError.NotSupported("roleRef.kind", FieldError.Quote(role.Text("kind")), kinds));
        }

        Checks.Given(role, "name", "roleRef", errors);
        Checks.Name(role, "name", "roleRef", Names.WrongPathSegment, errors);
        var index = 0;
        foreach (var subject in obj.Objects("subjects"))
        {
            Subject(subject, $"subjects[{index++}]", errors);
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(obj["roleRef"], old["roleRef"]))
        {
            errors.Add(FieldError.Invalid("roleRef", GoStructs.RoleRef(obj["roleRef"]), "cannot change roleRef"));
        }
    }

    public override string? WrongName(string name) => Names.WrongPathSegment(name);

    private void Subject(JsonObject subject, string at, List<FieldError> errors)
    {
        Checks.Given(subject, "name", at, errors);
        var group = subject.Text("apiGroup") ?? "";
        switch (subject.Text("kind"))
        {
            case "ServiceAccount":
                Checks.Name(subject, "name", at, Names.WrongSubdomain, errors);
                if (group.Length > 0)
                {
                    errors.Add(FieldError.NotSupported($"{at}.apiGroup", FieldError.Quote(group), ""));
                }

                if (!isNamespaced)
                {
                    Checks.Given(subject, "namespace", at, errors);
                }

                break;
            case "User" or "Group":
                if (group != Group)
                {
                    errors.Add(FieldError.NotSupported($"{at}.apiGroup", FieldError.Quote(group), Group));
                }

                break;
            default:
                errors.Add(FieldError.NotSupported($"{at}.kind", FieldError.Quote(subject.Text("kind")), SubjectKinds));
                break;
        }
    }
}
