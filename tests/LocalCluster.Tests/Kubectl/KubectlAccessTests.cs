using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>kubectl auth, and acting as another (--as).</summary>
public sealed class KubectlAccessTests(ApiCluster cluster) : IClassFixture<ApiCluster>, IDisposable
{
    private readonly KubectlCommand _kubectl = new(cluster.KubeconfigFile);

    public void Dispose() => _kubectl.Dispose();

    [Fact]
    public async Task CanI_ForOthers_AnswersAsRolesSay()
    {
        var ns = await ReaderAsync();
        var reader = $"--as=system:serviceaccount:{ns}:reader";

        Assert.Equal("yes\n", (await _kubectl.RunAsync(ns, "auth can-i get pods")).Ok());
        Assert.Equal("yes\n", (await _kubectl.RunAsync(ns, $"auth can-i list pods {reader}")).Ok());
        Assert.Equal("no\n", (await _kubectl.RunAsync(ns, $"auth can-i delete pods {reader}")).Output);
        Assert.Equal("no\n", (await _kubectl.RunAsync(ns, $"auth can-i get pods --subresource=log {reader}")).Output);
        Assert.Equal(1, (await _kubectl.RunAsync(ns, $"auth can-i list pods -n default {reader}")).ExitCode);
        Assert.Equal("no\n", (await _kubectl.RunAsync(ns, "auth can-i get /metrics --as=bob")).Output);
    }

    [Fact]
    public async Task CanI_List_NamesTheRules()
    {
        var ns = await ReaderAsync();

        var rules = (await _kubectl.RunAsync(ns, $"auth can-i --list --as=system:serviceaccount:{ns}:reader")).Ok();

        Assert.Matches(@"(?m)^pods +\[\] +\[\] +\[get list\]$", rules);
        Assert.Matches(@"(?m)^selfsubjectreviews.authentication.k8s.io +\[\] +\[\] +\[create\]$", rules);
        Assert.Matches(@"(?m)^ +\[/api/\*\] +\[\] +\[get\]$", rules);
    }

    [Fact]
    public async Task As_AnotherUser_IsBoundByTheirRoles()
    {
        var ns = await ReaderAsync();
        var reader = $"--as=system:serviceaccount:{ns}:reader";

        Assert.Equal($"No resources found in {ns} namespace.\n", (await _kubectl.RunAsync(ns, $"get pods {reader}")).Errors);
        Assert.Equal(
            $"Error from server (Forbidden): secrets is forbidden: User \"system:serviceaccount:{ns}:reader\" cannot list resource \"secrets\" in API group \"\" in the namespace \"{ns}\"\n",
            (await _kubectl.RunAsync(ns, $"get secrets {reader}")).Failed());
        (await _kubectl.RunAsync(ns, "get secrets --as=bob --as-group=system:masters")).Ok();
    }

    [Fact]
    public async Task As_WithoutTheRight_IsForbidden()
    {
        var ns = await ReaderAsync();
        var token = (await _kubectl.RunAsync(ns, "create token reader")).Ok().Trim();
        var config = k8s.KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.KubeconfigFile);
        var kubeconfig = Path.Combine(_kubectl.Folder, "reader");
        await System.IO.File.WriteAllTextAsync(kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "{{config.Host}}", insecure-skip-tls-verify: true} }]
            users: [{name: u, user: {token: "{{token}}"} }]
            contexts: [{name: c, context: {cluster: c, user: u} }]
            """);
        using var reader = new KubectlCommand(kubeconfig);

        // Servers from 1.36 on name the constrained form of impersonation that is missing, older ones and LocalCluster the user.
        Assert.Contains(
            $"User \"system:serviceaccount:{ns}:reader\" cannot impersonate", (await reader.RunAsync(ns, $"get --raw /api/v1/namespaces/{ns}/pods --as=bob")).Failed(), StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, $"create clusterrole {ns} --verb=impersonate --resource=users --resource-name=bob")).Ok();
        (await _kubectl.RunAsync(ns, $"create clusterrolebinding {ns} --clusterrole={ns} --serviceaccount={ns}:reader")).Ok();
        await Eventually.TrueAsync(async () => (await reader.RunAsync(ns, "get --raw /api --as=bob")).ExitCode == 0);
        Assert.Contains("is forbidden", (await reader.RunAsync(ns, $"get --raw /api/v1/namespaces/{ns}/pods --as=bob --as-group=devs")).Failed(), StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, $"delete clusterrole/{ns} clusterrolebinding/{ns}")).Ok();
    }

    [Fact]
    public async Task Whoami_TellsNameGroupsAndUid()
    {
        var ns = await cluster.NamespaceAsync();

        var answer = (await _kubectl.RunAsync(ns, "auth whoami --as=bob --as-group=devs --as-uid=7")).Ok();

        Assert.Matches(@"(?m)^Username +bob$", answer);
        Assert.Matches(@"(?m)^UID +7$", answer);
        Assert.Matches(@"(?m)^Groups +\[devs system:authenticated\]$", answer);
        Assert.Matches(
            @"(?m)^Groups +\[system:serviceaccounts system:serviceaccounts:x system:authenticated\]$",
            (await _kubectl.RunAsync(ns, "auth whoami --as=system:serviceaccount:x:y")).Ok());
    }

    private async Task<string> ReaderAsync()
    {
        var ns = await cluster.NamespaceAsync();
        (await _kubectl.RunAsync(ns, "create serviceaccount reader")).Ok();
        (await _kubectl.RunAsync(ns, "create role reader --verb=get,list --resource=pods")).Ok();
        (await _kubectl.RunAsync(ns, $"create rolebinding reader --role=reader --serviceaccount={ns}:reader")).Ok();
        await Eventually.TrueAsync(async () => (await _kubectl.RunAsync(ns, $"auth can-i get pods --as=system:serviceaccount:{ns}:reader")).Output == "yes\n");
        return ns;
    }
}
