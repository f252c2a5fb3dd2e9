using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission;

/// <summary>
/// Nobody gives more than they have: who writes a role must hold what it grants or be allowed to <c>escalate</c>, who binds one must hold it or be
/// allowed to <c>bind</c> (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping).
/// </summary>
internal sealed class EscalationAdmission(RoleBasedAuthorizer authorizer) : IAdmission
{
    private static readonly JsonObject[] Everything =
    [
        new() { ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*"), ["verbs"] = new JsonArray("*") },
        new() { ["nonResourceURLs"] = new JsonArray("*"), ["verbs"] = new JsonArray("*") },
    ];

    public void Mutate(AdmissionRequest request)
    {
        var caller = request.Options.Caller;
        if (caller.IsMaster || IsOnlyForCollection(request))
        {
            return;
        }

        if (request.Type == ResourceTypes.Roles || request.Type == ResourceTypes.ClusterRoles)
        {
            CheckRole(request, caller);
        }
        else if (request.Type == ResourceTypes.RoleBindings || request.Type == ResourceTypes.ClusterRoleBindings)
        {
            CheckBinding(request, caller);
        }
    }

    public void Validate(AdmissionRequest request)
    {
    }

    private void CheckRole(AdmissionRequest request, Caller caller)
    {
        var ns = request.Object.Text("metadata", "namespace") ?? "";
        var name = request.Old is null ? "" : request.Object.Text("metadata", "name") ?? "";
        if (authorizer.Allows(caller, new AccessAttributes("escalate", request.Type.Group, request.Type.Plural, "", ns, name)))
        {
            return;
        }

        RequireCovered(request, caller, ns, request.Object.Objects("rules"));
        if ((Aggregates(request.Object) || Aggregates(request.Old)) && RuleCover.Missing(authorizer.RulesFor(caller, ns), Everything).Count > 0)
        {
            throw Refused(request, "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private void CheckBinding(AdmissionRequest request, Caller caller)
    {
        var ns = request.Object.Text("metadata", "namespace");
        var roleRef = request.Object["roleRef"];
        var type = roleRef.Text("kind") switch
        {
            "ClusterRole" => ResourceTypes.ClusterRoles,
            "Role" => ResourceTypes.Roles,
            _ => null,
        };
        var name = roleRef.Text("name") ?? "";
        if (type is null || authorizer.Allows(caller, new AccessAttributes("bind", roleRef.Text("apiGroup") ?? "", type.Plural, "", ns ?? "", name)))
        {
            // A reference to anything else is refused by validation.
            return;
        }

        RequireCovered(request, caller, ns ?? "", authorizer.RulesOf(roleRef, ns) ?? throw ApiErrors.NotFound(request.Type, name));
    }

    private void RequireCovered(AdmissionRequest request, Caller caller, string ns, IEnumerable<JsonObject> rules)
    {
        var missing = RuleCover.Missing(authorizer.RulesFor(caller, ns), rules);
        if (missing.Count > 0)
        {
            throw Refused(
                request,
                $"user \"{caller.Name}\" (groups=[{string.Join(" ", caller.Groups.Select(FieldError.Quote))}]) is attempting to grant RBAC permissions not currently held:\n"
                + string.Join("\n", RuleCover.Describe(missing)));
        }
    }

    private static ApiStatusException Refused(AdmissionRequest request, string why) =>
        ApiErrors.Forbidden(request.Type, request.Object.Text("metadata", "name") ?? "", why);

    private static bool Aggregates(JsonObject? role) => role.At("aggregationRule", "clusterRoleSelectors") is JsonArray { Count: > 0 };

    /// <summary>Whether an update changes only what lets the garbage collector delete the object.</summary>
    private static bool IsOnlyForCollection(AdmissionRequest request) =>
        request.Old is not null && JsonNode.DeepEquals(WithoutCollected(request.Object), WithoutCollected(request.Old));

    private static JsonObject WithoutCollected(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        foreach (var name in new[] { "finalizers", "ownerReferences", "managedFields", "resourceVersion" })
        {
            (copy["metadata"] as JsonObject)?.Remove(name);
        }

        return copy;
    }
}
