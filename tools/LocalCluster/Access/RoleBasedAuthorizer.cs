using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// RBAC (https://kubernetes.io/docs/reference/access-authn-authz/rbac): allowed is what some rule of a role that is bound to the caller allows, and
/// nothing else. Members of system:masters are not asked.
/// </summary>
internal sealed class RoleBasedAuthorizer(ObjectStore store)
{
    /// <summary>Paths that any authenticated caller may read: what clients need before they know anything.</summary>
    private static readonly string[] OpenPaths = ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/readyz", "/version", "/version/", "/openapi", "/openapi/*"];

    public bool Allows(Caller caller, AccessAttributes wanted) =>
        caller.IsMaster
        || IsOpen(wanted)
        || RulesFor(caller, wanted.Namespace).Any(rule => RuleAllows(rule, wanted));

    /// <summary>Every rule that is bound to the caller, for the cluster and for one namespace.</summary>
    public IEnumerable<JsonObject> RulesFor(Caller caller, string ns)
    {
        var cluster = store.List(ResourceTypes.ClusterRoleBindings).Where(b => Binds(b, caller)).SelectMany(b => RoleRules(b, null));
        return ns.Length == 0
            ? cluster
            : cluster.Concat(store.List(ResourceTypes.RoleBindings, ns).Where(b => Binds(b, caller)).SelectMany(b => RoleRules(b, ns)));
    }

    /// <summary>The refusal, in the API server's words.</summary>
    public static ApiStatusException Refusal(Caller caller, AccessAttributes wanted)
    {
        if (!wanted.IsResource)
        {
            return new ApiStatusException(403, "Forbidden", $"forbidden: User \"{caller.Name}\" cannot {wanted.Verb} path \"{wanted.Path}\"", new JsonObject());
        }

        var qualified = wanted.Group.Length == 0 ? wanted.Resource : $"{wanted.Resource}.{wanted.Group}";
        var subject = wanted.Name.Length == 0 ? $"{qualified} is forbidden" : $"{qualified} \"{wanted.Name}\" is forbidden";
        var where = wanted.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{wanted.Namespace}\"";
        var details = new JsonObject { ["kind"] = wanted.Resource };
        if (wanted.Name.Length > 0)
        {
            details["name"] = wanted.Name;
        }

        if (wanted.Group.Length > 0)
        {
            details["group"] = wanted.Group;
        }

        return new ApiStatusException(
            403, "Forbidden",
            $"{subject}: User \"{caller.Name}\" cannot {wanted.Verb} resource \"{wanted.FullResource}\" in API group \"{wanted.Group}\" {where}",
            details);
    }

    private static bool IsOpen(AccessAttributes wanted) =>
        !wanted.IsResource ? wanted.Verb == "get" && OpenPaths.Any(p => PathMatches(p, wanted.Path))
            : wanted.Verb == "create" && wanted.Resource is "selfsubjectaccessreviews" or "selfsubjectrulesreviews" or "selfsubjectreviews";

    private static bool Binds(StoredObject binding, Caller caller)
    {
        foreach (var subject in binding.Json.Objects("subjects"))
        {
            var name = subject.Text("name") ?? "";
            var matches = subject.Text("kind") switch
            {
                "User" => name == caller.Name,
                "Group" => caller.Groups.Contains(name),
                "ServiceAccount" => caller.Name == $"system:serviceaccount:{subject.Text("namespace") ?? binding.Namespace}:{name}",
                _ => false,
            };
            if (matches)
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<JsonObject> RoleRules(StoredObject binding, string? ns)
    {
        var name = binding.Json.Text("roleRef", "name") ?? "";
        var role = binding.Json.Text("roleRef", "kind") == "ClusterRole"
            ? store.Get(ResourceTypes.ClusterRoles, null, name)
            : store.Get(ResourceTypes.Roles, ns, name);
        return role?.Json.Objects("rules") ?? [];
    }

    private static bool RuleAllows(JsonObject rule, AccessAttributes wanted)
    {
        if (!Has(rule, "verbs", wanted.Verb))
        {
            return false;
        }

        if (!wanted.IsResource)
        {
            return Values(rule, "nonResourceURLs").Any(p => PathMatches(p, wanted.Path));
        }

        return Has(rule, "apiGroups", wanted.Group)
            && Values(rule, "resources").Any(r => r == "*" || r == wanted.FullResource || (wanted.Subresource.Length > 0 && r == $"*/{wanted.Subresource}"))
            && (rule["resourceNames"] is not JsonArray { Count: > 0 } || Values(rule, "resourceNames").Contains(wanted.Name));
    }

    private static bool Has(JsonObject rule, string field, string wanted) => Values(rule, field).Any(v => v == "*" || v == wanted);

    private static IEnumerable<string> Values(JsonObject rule, string field) => (rule[field] as JsonArray ?? []).Select(v => (string?)v ?? "");

    private static bool PathMatches(string pattern, string path) =>
        pattern == "*" || pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
