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
    public bool Allows(Caller caller, AccessAttributes wanted) => Decide(caller, wanted).Allowed;

    /// <summary>The decision with its reason, as SubjectAccessReviews and refusals say it.</summary>
    public AccessDecision Decide(Caller caller, AccessAttributes wanted)
    {
        if (caller.IsMaster)
        {
            return new AccessDecision(true, "");
        }

        var missing = new List<string>();
        foreach (var bound in Visit(caller, wanted.Namespace))
        {
            if (bound.Rule is null)
            {
                missing.Add(bound.Source);
            }
            else if (RuleAllows(bound.Rule, wanted))
            {
                return new AccessDecision(true, $"RBAC: allowed by {bound.Source}");
            }
        }

        var problems = missing.Distinct().ToList();
        return new AccessDecision(false, problems.Count switch
        {
            0 => "",
            1 => $"RBAC: {problems[0]}",
            _ => $"RBAC: [{string.Join(", ", problems)}]",
        });
    }

    /// <summary>Throws 403, in the API server's words, where the caller may not do it.</summary>
    public void Require(Caller caller, AccessAttributes wanted)
    {
        var decision = Decide(caller, wanted);
        if (!decision.Allowed)
        {
            throw Refusal(caller, wanted, decision.Reason);
        }
    }

    /// <summary>Every rule that is bound to the caller, for the cluster and for one namespace.</summary>
    public IEnumerable<JsonObject> RulesFor(Caller caller, string ns) => Visit(caller, ns).Select(b => b.Rule).OfType<JsonObject>();

    /// <summary>The rules of a role that a binding names; null where there is no such role.</summary>
    public IEnumerable<JsonObject>? RulesOf(JsonNode? roleRef, string? ns)
    {
        var name = roleRef.Text("name") ?? "";
        var role = roleRef.Text("kind") == "ClusterRole"
            ? store.Get(ResourceTypes.ClusterRoles, null, name)
            : store.Get(ResourceTypes.Roles, ns, name);
        return role?.Json.Objects("rules");
    }

    /// <summary>The refusal, in the API server's words.</summary>
    public static ApiStatusException Refusal(Caller caller, AccessAttributes wanted, string reason = "")
    {
        var because = reason.Length == 0 ? "" : $": {reason}";
        if (!wanted.IsResource)
        {
            return new ApiStatusException(403, "Forbidden", $"forbidden: User \"{caller.Name}\" cannot {wanted.Verb} path \"{wanted.Path}\"{because}", new JsonObject());
        }

        var qualified = wanted.Group.Length == 0 ? wanted.Resource : $"{wanted.Resource}.{wanted.Group}";
        var subject = wanted.Name.Length == 0 ? $"{qualified} is forbidden" : $"{qualified} \"{wanted.Name}\" is forbidden";
        var where = wanted.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{wanted.Namespace}\"";
        var details = new JsonObject();
        if (wanted.Name.Length > 0)
        {
            details["name"] = wanted.Name;
        }

        if (wanted.Group.Length > 0)
        {
            details["group"] = wanted.Group;
        }

        details["kind"] = wanted.Resource;
        return new ApiStatusException(
            403, "Forbidden",
            $"{subject}: User \"{caller.Name}\" cannot {wanted.Verb} resource \"{wanted.FullResource}\" in API group \"{wanted.Group}\" {where}{because}",
            details);
    }

    /// <summary>What the bindings that name the caller give, first those of the cluster.</summary>
    private IEnumerable<BoundRule> Visit(Caller caller, string ns)
    {
        var bindings = store.List(ResourceTypes.ClusterRoleBindings);
        if (ns.Length > 0)
        {
            bindings = bindings.Concat(store.List(ResourceTypes.RoleBindings, ns));
        }

        foreach (var binding in bindings)
        {
            if (binding.Json.Objects("subjects").FirstOrDefault(s => Names(s, binding.Namespace, caller)) is not { } subject)
            {
                continue;
            }

            var roleRef = binding.Json["roleRef"];
            if (RulesOf(roleRef, binding.Namespace) is not { } rules)
            {
                var type = roleRef.Text("kind") == "ClusterRole" ? ResourceTypes.ClusterRoles : ResourceTypes.Roles;
                yield return new BoundRule(null, $"{type.QualifiedName.Replace(type.Plural, type.Singular, StringComparison.Ordinal)} \"{roleRef.Text("name")}\" not found");
                continue;
            }

            var source = $"{binding.Type.Kind} \"{(binding.Namespace is null ? binding.Name : $"{binding.Name}/{binding.Namespace}")}\" of {roleRef.Text("kind")} "
                + $"\"{roleRef.Text("name")}\" to {Describe(subject, binding.Namespace)}";
            foreach (var rule in rules)
            {
                yield return new BoundRule(rule, source);
            }
        }
    }

    private static bool Names(JsonObject subject, string? bindingNamespace, Caller caller)
    {
        var name = subject.Text("name") ?? "";
        return subject.Text("kind") switch
        {
            "User" => name == caller.Name,
            "Group" => caller.Groups.Contains(name),
            "ServiceAccount" => (subject.Text("namespace") ?? bindingNamespace) is { Length: > 0 } ns && caller.Name == $"system:serviceaccount:{ns}:{name}",
            _ => false,
        };
    }

    private static string Describe(JsonObject subject, string? bindingNamespace) => subject.Text("kind") == "ServiceAccount"
        ? $"ServiceAccount \"{subject.Text("name")}/{subject.Text("namespace") ?? bindingNamespace}\""
        : $"{subject.Text("kind")} \"{subject.Text("name")}\"";

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
