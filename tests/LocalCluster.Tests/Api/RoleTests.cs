using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>RBAC: the roles that every cluster has, reviews of other people's rights, and that nobody gives more than they have.</summary>
public sealed class RoleTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    [Theory]
    [InlineData("view", "get", "", "pods", true)]
    [InlineData("view", "get", "", "secrets", false)]
    [InlineData("view", "update", "apps", "deployments", false)]
    [InlineData("edit", "update", "apps", "deployments", true)]
    [InlineData("edit", "create", "", "pods/exec", true)]
    [InlineData("edit", "patch", "", "pods/ephemeralcontainers", false)]
    [InlineData("edit", "create", "rbac.authorization.k8s.io", "rolebindings", false)]
    [InlineData("admin", "create", "rbac.authorization.k8s.io", "rolebindings", true)]
    [InlineData("admin", "create", "", "nodes", false)]
    [InlineData("cluster-admin", "delete", "", "nodes", true)]
    public async Task SubjectAccessReview_OfAUserBoundToADefaultRole_SaysWhatTheRoleAllows(string role, string verb, string group, string resource, bool allowed)
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/rolebindings",
            $$$"""{"metadata":{"name":"dev"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{role}}}"},"subjects":[{"kind":"User","name":"dev"}]}""")).Ok();
        await Eventually.TrueAsync(async () => (bool)(await ReviewAsync(ns, "dev", [], verb, group, resource))["allowed"]! == allowed);
        var status = await ReviewAsync(ns, "dev", [], verb, group, resource);
        Assert.Equal(allowed ? $"RBAC: allowed by RoleBinding \"dev/{ns}\" of ClusterRole \"{role}\" to User \"dev\"" : null, (string?)status["reason"]);
        Assert.False((bool)(await ReviewAsync("default", "dev", [], verb, group, resource))["allowed"]!);
    }

    [Fact]
    public async Task SubjectAccessReview_OfAGroup_SaysWhatItsBindingAllows()
    {
        var ns = await cluster.NamespaceAsync();
        var group = $"team-{ns}";
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/rolebindings",
            $$$"""{"metadata":{"name":"team"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"},"subjects":[{"kind":"Group","name":"{{{group}}}"}]}""")).Ok();
        await Eventually.TrueAsync(async () => (bool)(await ReviewAsync(ns, "somebody", [group], "patch", "apps", "statefulsets"))["allowed"]!);
        Assert.False((bool)(await ReviewAsync(ns, "somebody", ["other"], "patch", "apps", "statefulsets"))["allowed"]!);
    }

    [Fact]
    public async Task SubjectAccessReview_OfABindingToNoRole_SaysThatTheRoleIsMissing()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/rolebindings",
            """{"metadata":{"name":"lost"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"none"},"subjects":[{"kind":"User","name":"lost"}]}""")).Ok();
        await Eventually.TrueAsync(async () => (await ReviewAsync(ns, "lost", [], "get", "", "pods"))["reason"] is not null);
        Assert.Equal("RBAC: role.rbac.authorization.k8s.io \"none\" not found", (string?)(await ReviewAsync(ns, "lost", [], "get", "", "pods"))["reason"]);
    }

    [Fact]
    public async Task SubjectAccessReview_OfNobody_IsInvalid()
    {
        var refused = await cluster.Client.PostAsync(Reviews, """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""");
        Assert.Equal(
            ".authorization.k8s.io \"\" is invalid: spec.user: Invalid value: \"\": at least one of user or group must be specified",
            refused.Refused(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task AggregatedRole_FollowsTheRolesThatItSelects()
    {
        var id = Guid.NewGuid().ToString("n")[..8];
        (await cluster.Client.PostAsync(
            $"{Rbac}/clusterroles",
            $$$"""{"metadata":{"name":"sum-{{{id}}}"},"rules":[],"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"part-of":"{{{id}}}"}}]}}""")).Ok();
        (await cluster.Client.PostAsync(
            $"{Rbac}/clusterroles",
            $$$"""{"metadata":{"name":"part-{{{id}}}","labels":{"part-of":"{{{id}}}"}},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""")).Ok();
        const string Rule = """[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]""";
        await Eventually.TrueAsync(async () => JsonNode.DeepEquals((await cluster.Client.GetAsync($"{Rbac}/clusterroles/sum-{id}")).Ok()["rules"], JsonNode.Parse(Rule)));
        (await cluster.Client.SendAsync(HttpMethod.Delete, $"{Rbac}/clusterroles/part-{id}", null, "application/json")).Ok();
        await Eventually.TrueAsync(async () => (await cluster.Client.GetAsync($"{Rbac}/clusterroles/sum-{id}")).Ok()["rules"] is not JsonArray { Count: > 0 });
        (await cluster.Client.SendAsync(HttpMethod.Delete, $"{Rbac}/clusterroles/sum-{id}", null, "application/json")).Ok();
    }

    [Fact]
    public async Task RolesAndBindings_GrantNothingThatTheirWriterDoesNotHold()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/roles",
            """
            {"metadata":{"name":"manager"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],"verbs":["get","create","update","patch"]},
            {"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}]}
            """)).Ok();
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/rolebindings",
            $$$"""{"metadata":{"name":"manager"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"manager"},"subjects":[{"kind":"ServiceAccount","name":"default","namespace":"{{{ns}}}"}]}""")).Ok();
        using var account = await AccountAsync(ns);
        await Eventually.TrueAsync(async () => (await account.GetAsync($"{Rbac}/namespaces/{ns}/roles/manager")).Code == HttpStatusCode.OK);

        (await account.PostAsync($"{Rbac}/namespaces/{ns}/roles", """{"metadata":{"name":"held"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}]}""")).Ok();
        var refused = await account.PostAsync(
            $"{Rbac}/namespaces/{ns}/roles", """{"metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["configmaps","secrets"],"verbs":["get","list"]}]}""");
        Assert.Equal(
            $"roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"system:serviceaccount:{ns}:default\" "
            + $"(groups=[\"system:serviceaccounts\" \"system:serviceaccounts:{ns}\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"list\"]}\n{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\"]}",
            refused.Refused(HttpStatusCode.Forbidden));

        var binding = """{"metadata":{"name":"NAME"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"KIND","name":"ROLE"},"subjects":[{"kind":"User","name":"x"}]}""";
        string Bind(string kind, string role) =>
            binding.Replace("NAME", $"to-{role}", StringComparison.Ordinal).Replace("KIND", kind, StringComparison.Ordinal).Replace("ROLE", role, StringComparison.Ordinal);
        (await account.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", Bind("Role", "held"))).Ok();
        Assert.Contains(
            "is attempting to grant RBAC permissions not currently held:",
            (await account.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", Bind("ClusterRole", "edit"))).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal(
            "rolebindings.rbac.authorization.k8s.io \"none\" not found",
            (await account.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", Bind("ClusterRole", "none"))).Refused(HttpStatusCode.NotFound));

        // Who may bind a role may bind it without holding it.
        (await cluster.Client.PatchAsync(
            $"{Rbac}/namespaces/{ns}/roles/manager",
            """[{"op":"add","path":"/rules/-","value":{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["view"],"verbs":["bind"]}}]""", Wire.Json)).Ok();
        await Eventually.TrueAsync(async () => (await account.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", Bind("ClusterRole", "view"))).Code == HttpStatusCode.Created);
    }

    [Fact]
    public async Task Apply_OfSomethingNew_NeedsCreateBesidesPatch()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/roles", """{"metadata":{"name":"patcher"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","patch"]}]}""")).Ok();
        (await cluster.Client.PostAsync(
            $"{Rbac}/namespaces/{ns}/rolebindings",
            $$$"""{"metadata":{"name":"patcher"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"patcher"},"subjects":[{"kind":"ServiceAccount","name":"default","namespace":"{{{ns}}}"}]}""")).Ok();
        using var account = await AccountAsync(ns);
        await Eventually.TrueAsync(async () => (await account.GetAsync($"{Wire.ConfigMaps(ns)}/m")).Code == HttpStatusCode.NotFound);
        Assert.Equal(
            $"configmaps \"m\" is forbidden: User \"system:serviceaccount:{ns}:default\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"{ns}\"",
            (await account.PatchAsync($"{Wire.ConfigMaps(ns)}/m?fieldManager=x", Wire.Map("m"), Wire.ApplyYaml)).Refused(HttpStatusCode.Forbidden));
        (await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m"))).Ok();
        (await account.PatchAsync($"{Wire.ConfigMaps(ns)}/m?fieldManager=x", Wire.Map("m", """{"k":"1"}"""), Wire.ApplyYaml)).Ok();
    }

    private async Task<JsonNode> ReviewAsync(string ns, string user, string[] groups, string verb, string group, string resource)
    {
        var parts = resource.Split('/');
        var review = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["user"] = user,
                ["groups"] = new JsonArray([.. groups.Select(g => (JsonNode)g)]),
                ["resourceAttributes"] = new JsonObject
                {
                    ["namespace"] = ns,
                    ["verb"] = verb,
                    ["group"] = group,
                    ["resource"] = parts[0],
                    ["subresource"] = parts.Length > 1 ? parts[1] : "",
                },
            },
        };
        return (await cluster.Client.PostAsync(Reviews, review.ToJsonString())).Ok()["status"]!;
    }

    private async Task<Kubernetes> AccountAsync(string ns)
    {
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 600 } };
        var token = (await cluster.Client.CreateNamespacedServiceAccountTokenAsync(request, "default", ns)).Status.Token;
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.KubeconfigFile);
        (configuration.ClientCertificateData, configuration.ClientCertificateKeyData, configuration.AccessToken) = (null, null, token);
        return new Kubernetes(configuration);
    }
}
