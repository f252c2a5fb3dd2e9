using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>kubectl create, run and expose: their bodies are protobuf.</summary>
public sealed class KubectlCreateTests(ApiCluster cluster) : IClassFixture<ApiCluster>, IDisposable
{
    private readonly KubectlCommand _kubectl = new(cluster.KubeconfigFile);

    public void Dispose() => _kubectl.Dispose();

    [Theory]
    [InlineData("configmap c --from-literal=a=1", "configmap/c created")]
    [InlineData("secret generic s --from-literal=p=q", "secret/s created")]
    [InlineData("secret docker-registry s --docker-server=r --docker-username=u --docker-password=p", "secret/s created")]
    [InlineData("serviceaccount a", "serviceaccount/a created")]
    [InlineData("role r --verb=get,list --resource=pods,deployments.apps", "role.rbac.authorization.k8s.io/r created")]
    [InlineData("rolebinding b --role=r --user=u --serviceaccount=x:y", "rolebinding.rbac.authorization.k8s.io/b created")]
    [InlineData("quota q --hard=pods=10,requests.cpu=1500m", "resourcequota/q created")]
    [InlineData("poddisruptionbudget p --selector=app=x --min-available=50%", "poddisruptionbudget.policy/p created")]
    [InlineData("service clusterip s --tcp=80:8080", "service/s created")]
    [InlineData("service nodeport s --tcp=80", "service/s created")]
    [InlineData("service externalname s --external-name=a.b", "service/s created")]
    [InlineData("service loadbalancer s --tcp=81:81", "service/s created")]
    public async Task Create_Generator_MakesTheObject(string arguments, string printed)
    {
        var ns = await cluster.NamespaceAsync();

        Assert.Equal(printed + "\n", (await _kubectl.RunAsync(ns, "create " + arguments)).Ok());
        Assert.Contains("already exists", (await _kubectl.RunAsync(ns, "create " + arguments)).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ClusterScoped_MakesTheObjects()
    {
        var name = await cluster.NamespaceAsync();

        Assert.Equal($"namespace/{name}-b created\n", (await _kubectl.RunAsync(name, $"create namespace {name}-b")).Ok());
        Assert.Equal(
            $"clusterrole.rbac.authorization.k8s.io/{name} created\n",
            (await _kubectl.RunAsync(name, $"create clusterrole {name} --verb=get --non-resource-url=/metrics")).Ok());
        Assert.Equal(
            $"clusterrolebinding.rbac.authorization.k8s.io/{name} created\n",
            (await _kubectl.RunAsync(name, $"create clusterrolebinding {name} --clusterrole={name} --group=g")).Ok());
        Assert.Equal(
            $"priorityclass.scheduling.k8s.io/{name} created\n",
            (await _kubectl.RunAsync(name, $"create priorityclass {name} --value=5 --description=text")).Ok());

        var role = await cluster.Client.ReadClusterRoleAsync(name);
        Assert.Equal(["/metrics"], role.Rules.Single().NonResourceURLs);
        Assert.Equal(5, (await cluster.Client.ReadPriorityClassAsync(name)).Value);
        (await _kubectl.RunAsync(name, $"delete namespace/{name}-b clusterrole/{name} clusterrolebinding/{name} priorityclass/{name}")).Ok();
    }

    [Fact]
    public async Task Create_SentAsProtobuf_KeepsEveryValue()
    {
        var ns = await cluster.NamespaceAsync();
        _kubectl.File("binary", "\u0001ä");

        (await _kubectl.RunAsync(ns, "create secret generic s --from-file=key=binary --type=my/type")).Ok();
        (await _kubectl.RunAsync(ns, "create service clusterip s --tcp=80:http --tcp=81:8081")).Ok();

        var secret = await cluster.Client.ReadNamespacedSecretAsync("s", ns);
        Assert.Equal("\u0001ä"u8.ToArray(), secret.Data["key"]);
        Assert.Equal("my/type", secret.Type);
        var service = await cluster.Client.ReadNamespacedServiceAsync("s", ns);
        Assert.Equal(["http", "8081"], service.Spec.Ports.Select(p => p.TargetPort.Value));
        Assert.Equal("s", service.Spec.Selector["app"]);
    }

    [Fact]
    public async Task Run_AndExpose_MakePodAndService()
    {
        var ns = await cluster.NamespaceAsync();

        Assert.Equal("pod/p created\n", (await _kubectl.RunAsync(ns, "run p --image=nginx --labels=app=x --env=A=b --port=80 --restart=Never")).Ok());
        Assert.Equal("service/e exposed\n", (await _kubectl.RunAsync(ns, "expose pod p --name=e --target-port=8080")).Ok());
        Assert.Equal("pod/dry created (server dry run)\n", (await _kubectl.RunAsync(ns, "run dry --image=nginx --dry-run=server")).Ok());

        var pod = await cluster.Client.ReadNamespacedPodAsync("p", ns);
        Assert.Equal(("A", "b", 80), (pod.Spec.Containers[0].Env[0].Name, pod.Spec.Containers[0].Env[0].Value, pod.Spec.Containers[0].Ports[0].ContainerPort));
        var service = await cluster.Client.ReadNamespacedServiceAsync("e", ns);
        Assert.Equal(("x", 80, "8080"), (service.Spec.Selector["app"], service.Spec.Ports[0].Port, service.Spec.Ports[0].TargetPort.Value));
        Assert.Equal("Error from server (NotFound): pods \"dry\" not found\n", (await _kubectl.RunAsync(ns, "get pod dry")).Failed());
    }

    [Fact]
    public async Task CreateToken_BoundToASecret_EndsWithIt()
    {
        var ns = await cluster.NamespaceAsync();
        (await _kubectl.RunAsync(ns, "create secret generic s")).Ok();

        var token = (await _kubectl.RunAsync(ns, "create token default --bound-object-kind=Secret --bound-object-name=s --duration=20m")).Ok().Trim();
        Assert.True(await AuthenticatesAsync(token));
        (await _kubectl.RunAsync(ns, "delete secret s")).Ok();

        // A server may know a token for some seconds.
        await Eventually.TrueAsync(async () => !await AuthenticatesAsync(token));
    }

    [Fact]
    public async Task CreateToken_WhatCannotBe_IsRefusedInTheServersWords()
    {
        var ns = await cluster.NamespaceAsync();

        Assert.Contains("serviceaccounts \"nobody\" not found", (await _kubectl.RunAsync(ns, "create token nobody")).Failed(), StringComparison.Ordinal);
        Assert.Contains(
            "may not specify a duration less than 10 minutes", (await _kubectl.RunAsync(ns, "create token default --duration=1s")).Failed(), StringComparison.Ordinal);
        Assert.Contains(
            "secrets \"gone\" not found",
            (await _kubectl.RunAsync(ns, "create token default --bound-object-kind=Secret --bound-object-name=gone")).Failed(), StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, "create secret generic there")).Ok();
        Assert.Contains(
            "the UID in the bound object reference (x) does not match the UID in record",
            (await _kubectl.RunAsync(ns, "create token default --bound-object-kind=Secret --bound-object-name=there --bound-object-uid=x")).Failed(),
            StringComparison.Ordinal);
    }

    private async Task<bool> AuthenticatesAsync(string token)
    {
        var review = await cluster.Client.CreateTokenReviewAsync(new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token } });
        return review.Status.Authenticated == true;
    }
}
