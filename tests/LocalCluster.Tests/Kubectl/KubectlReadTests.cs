using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>What kubectl shows: get in its forms, describe, explain, wait, discovery.</summary>
public sealed class KubectlReadTests(ApiCluster cluster) : IClassFixture<ApiCluster>, IDisposable
{
    private readonly KubectlCommand _kubectl = new(cluster.KubeconfigFile);

    public void Dispose() => _kubectl.Dispose();

    [Fact]
    public async Task Get_EveryForm_ShowsTheSameObjects()
    {
        var ns = await cluster.NamespaceAsync();
        foreach (var (name, value) in new[] { ("one", "3"), ("two", "1"), ("three", "2") })
        {
            (await _kubectl.RunAsync(ns, $"create configmap {name} --from-literal=v={value}")).Ok();
            (await _kubectl.RunAsync(ns, $"label configmap {name} n={value}")).Ok();
        }

        Assert.Equal("one\ntwo\n", await GetAsync("cm one two -o custom-columns=N:.metadata.name --no-headers"));
        Assert.Equal("3 2 1", await GetAsync("cm one three two -o 'jsonpath={.items[*].data.v}'"));
        Assert.Equal("configmap/two\nconfigmap/three\nconfigmap/one\n", await GetAsync("cm -l n --sort-by=.data.v -o name"));
        Assert.Equal("configmap/three\n", await GetAsync("cm -l 'n in (2,5)' -o name"));
        Assert.Equal(3, (await GetAsync("cm -l n --chunk-size=1 -o name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches(@"NAME +DATA +AGE +LABELS\none +1 +\d+s +n=3\n", await GetAsync("cm one --show-labels"));
        Assert.Contains("  v: \"3\"\n", await GetAsync("cm one -o yaml"), StringComparison.Ordinal);
        Assert.Equal("3", JsonNode.Parse(await GetAsync("cm one -o json"))!["data"]!["v"]!.ToString());
        Assert.Equal("3", await GetAsync("cm one -o go-template={{.data.v}}"));

        async Task<string> GetAsync(string arguments) => (await _kubectl.RunAsync(ns, "get " + arguments)).Ok();
    }

    [Fact]
    public async Task Get_WhatIsNotThere_SaysSoAsAServerDoes()
    {
        var ns = await cluster.NamespaceAsync();

        Assert.Equal("Error from server (NotFound): pods \"nope\" not found\n", (await _kubectl.RunAsync(ns, "get pod nope")).Failed());
        Assert.Equal("error: the server doesn't have a resource type \"nosuch\"\n", (await _kubectl.RunAsync(ns, "get nosuch")).Failed());
        Assert.Equal($"No resources found in {ns} namespace.\n", (await _kubectl.RunAsync(ns, "get pods")).Errors);
        Assert.EndsWith("field label not supported: bogus\n", (await _kubectl.RunAsync(ns, "get pods --field-selector=bogus=x")).Failed(), StringComparison.Ordinal);
        Assert.Contains("the server could not find the requested resource", (await _kubectl.RunAsync(ns, "get --raw /nosuch")).Failed(), StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, "top pods")).Failed();
    }

    [Fact]
    public async Task Get_Watch_ShowsEachChange()
    {
        var ns = await cluster.NamespaceAsync();
        using var watch = _kubectl.Start(ns, ["get", "configmaps", "--watch", "-o", "custom-columns=N:.metadata.name,V:.data.v", "--no-headers"]);
        try
        {
            (await _kubectl.RunAsync(ns, "create configmap w --from-literal=v=1")).Ok();
            await LineAsync("w");
            (await _kubectl.RunAsync(ns, "patch configmap w -p {\"data\":{\"v\":\"2\"}}")).Ok();

            Assert.Matches(@"^w +2$", await LineAsync("w"));
        }
        finally
        {
            watch.Kill();
        }

        async Task<string> LineAsync(string start)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await watch.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            return "";
        }
    }

    [Fact]
    public async Task Wait_ForEachKindOfCondition_Ends()
    {
        var ns = await cluster.NamespaceAsync();
        using var created = _kubectl.Start(ns, ["wait", "--for=create", "configmap/late", "--timeout=60s"]);
        (await _kubectl.RunAsync(ns, "create configmap late --from-literal=v=1")).Ok();
        await created.WaitForExitAsync();
        Assert.Equal(0, created.ExitCode);

        Assert.Equal("configmap/late condition met\n", (await _kubectl.RunAsync(ns, "wait --for=jsonpath={.data.v}=1 configmap/late --timeout=30s")).Ok());
        using var deleted = _kubectl.Start(ns, ["wait", "--for=delete", "configmap/late", "--timeout=60s"]);
        (await _kubectl.RunAsync(ns, "delete configmap late")).Ok();
        await deleted.WaitForExitAsync();
        Assert.Equal(0, deleted.ExitCode);

        (await _kubectl.RunAsync(ns, "run p --image=x --restart=Never --overrides={\"spec\":{\"schedulerName\":\"nobody\"}}")).Ok();
        (await _kubectl.RunAsync(ns, "patch pod p --subresource=status --type=merge -p {\"status\":{\"conditions\":[{\"type\":\"Own\",\"status\":\"True\"}]}}")).Ok();
        Assert.Equal("pod/p condition met\n", (await _kubectl.RunAsync(ns, "wait --for=condition=Own pod/p --timeout=30s")).Ok());
        Assert.Equal(
            "error: timed out waiting for the condition on pods/p\n", (await _kubectl.RunAsync(ns, "wait --for=condition=Ready pod/p --timeout=1s")).Failed());
    }

    [Fact]
    public async Task Describe_EachKind_ShowsItsContent()
    {
        var ns = await cluster.NamespaceAsync();
        var file = _kubectl.Manifest(
            "all.yaml",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}",
            "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: value}}",
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}",
            "{apiVersion: v1, kind: Service, metadata: {name: svc}, spec: {selector: {app: x}, ports: [{port: 80, targetPort: 8080}]}}",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: x}}, spec: {schedulerName: nobody, containers: [{name: main, image: nginx, env: [{name: A, value: b}]}]}}",
            """{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}""",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: claim}, spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {podSelector: {}, policyTypes: [Ingress]}}",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec: {minAvailable: 1, selector: {matchLabels: {app: none}}}}");
        (await _kubectl.RunAsync(ns, $"apply -f {file}")).Ok();

        Assert.Contains("k:\n----\nv\n", await DescribeAsync("configmap c"), StringComparison.Ordinal);
        Assert.Contains("k:  5 bytes\n", await DescribeAsync("secret s"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Name: +a$", await DescribeAsync("serviceaccount a"));
        Assert.Matches(@"(?m)^TargetPort: +8080/TCP$", await DescribeAsync("service svc"));
        Assert.Matches(@"(?m)^ +A: +b$", await DescribeAsync("pod p"));
        Assert.Matches(@"(?m)^Status: +Pending$", await DescribeAsync("pod p"));
        Assert.Matches(@"(?m)^ +pods +\[\] +\[\] +\[get\]$", await DescribeAsync("role r"));
        Assert.Matches(@"(?m)^Access Modes: *$", await DescribeAsync("pvc claim"));
        Assert.Contains("Allowing ingress traffic:", await DescribeAsync("networkpolicy np"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Min available: +1$", await DescribeAsync("pdb b"));
        Assert.Matches(@"(?m)^Status: +Active$", await DescribeAsync($"namespace {ns}"));

        async Task<string> DescribeAsync(string what) => (await _kubectl.RunAsync(ns, "describe " + what)).Ok();
    }

    [Fact]
    public async Task Explain_NamesFieldsAndTypes()
    {
        var pod = (await _kubectl.RunAsync("default", "explain pod.spec.containers")).Ok();
        var strategy = (await _kubectl.RunAsync("default", "explain deployment.spec.strategy --recursive")).Ok();

        Assert.Contains("KIND:       Pod\nVERSION:    v1\n", pod, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^FIELD: containers <\[\]Container>", pod);
        Assert.Matches(@"(?m)^  env\s<\[\]EnvVar>", pod);
        Assert.Contains("GROUP:      apps\nKIND:       Deployment\n", strategy, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^    maxSurge\s<IntOrString>", strategy);
        Assert.Contains("field \"nosuch\" does not exist", (await _kubectl.RunAsync("default", "explain pod.nosuch")).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discovery_TellsVersionsKindsAndHealth()
    {
        var resources = (await _kubectl.RunAsync("default", "api-resources --no-headers")).Ok();

        Assert.Matches(@"(?m)^pods +po +v1 +true +Pod$", resources);
        Assert.Matches(@"(?m)^deployments +deploy +apps/v1 +true +Deployment$", resources);
        Assert.Matches(@"(?m)^networkpolicies +netpol +networking.k8s.io/v1 +true +NetworkPolicy$", resources);
        Assert.Contains("apps/v1\n", (await _kubectl.RunAsync("default", "api-versions")).Ok(), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Server Version: v1\.\d+", (await _kubectl.RunAsync("default", "version")).Ok());
        Assert.Contains("Kubernetes control plane", (await _kubectl.RunAsync("default", "cluster-info")).Ok(), StringComparison.Ordinal);
        Assert.Equal("ok", (await _kubectl.RunAsync("default", "get --raw /readyz")).Ok());
        Assert.EndsWith("livez check passed\n", (await _kubectl.RunAsync("default", "get --raw /livez?verbose")).Ok(), StringComparison.Ordinal);
        Assert.Equal("v1", JsonNode.Parse((await _kubectl.RunAsync("default", "get --raw /api")).Ok())!["versions"]![0]!.ToString());
    }
}
