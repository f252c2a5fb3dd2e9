using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Injector.Tests.Running;

/// <summary>The demo service that ships, as a workload of one kind in a namespace of its own that has opted in.</summary>
internal sealed class Demo
{
    private readonly ClusterFixture _cluster;
    private readonly JsonObject _manifest;

    private Demo(ClusterFixture cluster, string ns, JsonObject manifest)
    {
        _cluster = cluster;
        Namespace = ns;
        _manifest = manifest;
    }

    public string Namespace { get; }

    public string Kind => (string)_manifest["kind"]!;

    public string Name => (string)_manifest["metadata"]!["name"]!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Makes it and waits until its pods are ready.</summary>
    public static async Task<Demo> CreateAsync(
        ClusterFixture cluster, string kind, int replicas = 3, Action<JsonObject>? change = null, bool waits = true, bool optsIn = true)
    {
        var demo = await PrepareAsync(cluster, kind, replicas, change, optsIn);
        await demo.ApplyAsync();
        if (waits)
        {
            await demo.RolledOutAsync();
        }

        return demo;
    }

    /// <summary>Applies its manifest, as its owner does.</summary>
    public Task ApplyAsync() => InputAsync(_manifest.ToJsonString(), "apply", "-f", "-");

    /// <summary>Stock kubectl in its namespace; it has to succeed.</summary>
    public Task<string> KubectlAsync(params string[] arguments) => _cluster.KubectlAsync(["-n", Namespace, .. arguments]);

    /// <summary>Waits until the controller is done; says what keeps it from being.</summary>
    public async Task RolledOutAsync()
    {
        try
        {
            await Eventually.TrueAsync(async () => (await ProgramRun.RunAsync(
                "kubectl", ["--kubeconfig", _cluster.Kubeconfig, "-n", Namespace, "rollout", "status", $"{Kind}/{Name}", "--watch=false"])).Output
                .Contains(Kind == "StatefulSet" ? "complete" : "successfully rolled out", StringComparison.Ordinal));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{Kind} {Name}: {await KubectlAsync("get", "pods,events")}", e);
        }
    }

    /// <summary>The workload.</summary>
    public async Task<JsonObject> ReadAsync() => JsonNode.Parse(await KubectlAsync("get", Kind, Name, "-o", "json"))!.AsObject();

    /// <summary>Its spec, as text that can be compared.</summary>
    public async Task<string> SpecAsync() => (await ReadAsync())["spec"]!.ToJsonString();

    public async Task<IList<V1Pod>> PodsAsync() =>
        (await _cluster.Client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: $"app={Name}", cancellationToken: Ct)).Items;

    /// <summary>Names of everything of a workspace in the namespace, history included.</summary>
    public async Task<IReadOnlyList<string>> LeftOfAsync(string id) =>
    [
        .. (await KubectlAsync("get", "configmap,secret", "-l", $"workspaces.dev/workspace={id}", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        .. (await KubectlAsync("get", "pod,replicaset,controllerrevision", "-l", $"{id}.workspaces.dev/instance", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>A command in a workspace, by stock ssh straight to the pod.</summary>
    public async Task<ProgramRun> SshAsync(string workspaceId, string podIp, int port, string user, string command) => await ProgramRun.RunAsync(
        "ssh",
        [
            "-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-i", await _cluster.CertificateAsync(workspaceId), "-p", $"{port}",
            $"{user}@{podIp}", command,
        ]);

    private static async Task<Demo> PrepareAsync(ClusterFixture cluster, string kind, int replicas, Action<JsonObject>? change, bool optsIn)
    {
        var made = await cluster.Client.CoreV1.CreateNamespaceAsync(new V1Namespace
        {
            Metadata = new V1ObjectMeta
            {
                GenerateName = "demo-",
                Labels = optsIn ? new Dictionary<string, string> { ["workspaces.dev/injection"] = "enabled" } : null,
            },
        }, cancellationToken: Ct);
        var ns = made.Name();
        var folder = Path.Combine(ClusterFixture.Root, "deploy", "demo");
        await cluster.KubectlAsync("create", "configmap", "demo-server", "-n", ns, $"--from-file={Path.Combine(folder, "server.pl")}");
        await cluster.KubectlAsync(
            "create", "rolebinding", "workspaces-injector", "-n", ns, "--clusterrole=workspaces-injector-target",
            "--serviceaccount=workspaces-system:workspaces-injector");
        await cluster.KubectlAsync("create", "rolebinding", "developers", "-n", ns, "--clusterrole=edit", "--group=developers");
        var text = await cluster.KubectlAsync(
            "create", "--dry-run=client", "-o", "json", "-f", Path.Combine(folder, $"{kind.ToLowerInvariant()}.yaml"));
        var manifest = JsonNode.Parse(text)!.AsObject();
        manifest["metadata"]!["namespace"] = ns;
        if (kind != "DaemonSet")
        {
            manifest["spec"]!["replicas"] = replicas;
        }

        change?.Invoke(manifest);
        return new Demo(cluster, ns, manifest);
    }

    private async Task InputAsync(string input, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync("kubectl", ["--kubeconfig", _cluster.Kubeconfig, .. arguments], Encoding.UTF8.GetBytes(input));
        Assert.True(run.ExitCode == 0, run.ToString());
    }
}
