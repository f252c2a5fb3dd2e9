using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// The roles and bindings that every cluster has (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings):
/// those for people (cluster-admin, admin, edit, view) and those that let everybody ask what there is and what they may do. The ones for
/// components of a control plane are left out: there are none here.
/// </summary>
internal static class DefaultRoles
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string Read = "get list watch";
    private const string Write = "create delete deletecollection patch update";

    /// <summary>Every ClusterRole, in the form in which it is created.</summary>
    public static IEnumerable<JsonObject> ClusterRoles()
    {
        yield return Role("cluster-admin", [], Rule("*", "*", "*"), Paths("*", "*"));
        yield return Aggregating("admin");
        yield return Aggregating("edit", "admin");
        yield return Aggregating("view", "edit");
        yield return Role(
            "system:aggregate-to-admin", ["admin"],
            Rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
            Rule("create delete deletecollection get list patch update watch", Group, "rolebindings roles"));
        yield return Role(
            "system:aggregate-to-edit", ["edit"],
            Rule(Read, "", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
            Rule("impersonate", "", "serviceaccounts"),
            Rule(Write, "", "pods pods/attach pods/exec pods/portforward pods/proxy"),
            Rule("create", "", "pods/eviction"),
            Rule(Write, "", "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy"),
            Rule("create", "", "serviceaccounts/token"),
            Rule(Write, " events.k8s.io", "events"),
            Rule(Write, "apps", "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale"),
            Rule(Write, "autoscaling", "horizontalpodautoscalers"),
            Rule(Write, "batch", "cronjobs jobs"),
            Rule(
                Write, "extensions",
                "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale"),
            Rule(Write, "policy", "poddisruptionbudgets"),
            Rule(Write, "networking.k8s.io", "ingresses networkpolicies"),
            Rule("create delete deletecollection get list patch update watch", "coordination.k8s.io", "leases"),
            Rule(Write, "resource.k8s.io", "resourceclaims resourceclaimtemplates"));
        yield return Role(
            "system:aggregate-to-view", ["view"],
            Rule(
                Read, "",
                "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status"),
            Rule(
                Read, "",
                "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status"),
            Rule(Read, "", "namespaces"),
            Rule(Read, " events.k8s.io", "events"),
            Rule(Read, "discovery.k8s.io", "endpointslices"),
            Rule(
                Read, "apps",
                "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status "
                + "statefulsets statefulsets/scale statefulsets/status"),
            Rule(Read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
            Rule(Read, "batch", "cronjobs cronjobs/status jobs jobs/status"),
            Rule(
                Read, "extensions",
                "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale "
                + "replicasets/status replicationcontrollers/scale"),
            Rule(Read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
            Rule(Read, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
            Rule(Read, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"));
        yield return Role(
            "system:auth-delegator", [], Rule("create", "authentication.k8s.io", "tokenreviews"), Rule("create", "authorization.k8s.io", "subjectaccessreviews"));
        yield return Role(
            "system:basic-user", [],
            Rule("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
            Rule("create", "authentication.k8s.io", "selfsubjectreviews"));
        yield return Role("system:discovery", [], Paths("get", "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/"));
        yield return Role("system:public-info-viewer", [], Paths("get", "/healthz /livez /readyz /version /version/"));
        yield return Role(
            "system:monitoring", [],
            Paths("get", "/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz"),
            Rule("get", "", "nodes/metrics"));
    }

    /// <summary>Every ClusterRoleBinding: each binds the role of its own name.</summary>
    public static IEnumerable<JsonObject> ClusterRoleBindings()
    {
        yield return Binding("cluster-admin", Caller.Masters);
        yield return Binding("system:basic-user", "system:authenticated");
        yield return Binding("system:discovery", "system:authenticated");
        yield return Binding("system:public-info-viewer", "system:authenticated", "system:unauthenticated");
        yield return Binding("system:monitoring", "system:monitoring");
    }

    private static JsonObject Role(string name, string[] aggregatedTo, params JsonObject[] rules) => new()
    {
        ["metadata"] = Metadata(name, aggregatedTo),
        ["rules"] = new JsonArray([.. rules]),
    };

    private static JsonObject Aggregating(string name, params string[] aggregatedTo) => new()
    {
        ["metadata"] = Metadata(name, aggregatedTo),
        ["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [Label(name)] = "true" } }),
        },
    };

    private static JsonObject Binding(string role, params string[] groups) => new()
    {
        ["metadata"] = Metadata(role, []),
        ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject { ["apiGroup"] = Group, ["kind"] = "Group", ["name"] = g })]),
    };

    private static JsonObject Metadata(string name, string[] aggregatedTo)
    {
        var labels = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        foreach (var target in aggregatedTo)
        {
            labels[Label(target)] = "true";
        }

        return new JsonObject
        {
            ["name"] = name,
            ["labels"] = labels,
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
        };
    }

    private static string Label(string role) => $"rbac.authorization.k8s.io/aggregate-to-{role}";

    private static JsonObject Rule(string verbs, string groups, string resources) => new()
    {
        ["apiGroups"] = Words(groups),
        ["resources"] = Words(resources),
        ["verbs"] = Words(verbs),
    };

    private static JsonObject Paths(string verbs, string paths) => new() { ["nonResourceURLs"] = Words(paths), ["verbs"] = Words(verbs) };

    private static JsonArray Words(string text) => new([.. text.Split(' ').Select(w => (JsonNode)w)]);
}
