using k8s;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>kubectl rollout, set and scale on workloads whose pods run.</summary>
[Trait("needs", "containers")]
public sealed class KubectlRolloutTests(NodeFixture cluster) : IDisposable
{
    private readonly KubectlCommand _kubectl = new(cluster.Host.KubeconfigFile);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _kubectl.Dispose();

    [Fact]
    public async Task Deployment_ChangedAndUndone_RollsEachTime()
    {
        var ns = await DeploymentAsync();

        Assert.Equal("deployment.apps/d env updated\n", (await _kubectl.RunAsync(ns, "set env deploy/d A=two")).Ok());
        await RolledOutAsync(ns, "deployment/d");
        Assert.Equal("deployment.apps/d \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n", (await _kubectl.RunAsync(ns, "rollout history deploy/d")).Ok());
        Assert.Contains("A:\ttwo\n", (await _kubectl.RunAsync(ns, "rollout history deploy/d --revision=2")).Ok().Replace("      ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("deployment.apps/d rolled back\n", (await _kubectl.RunAsync(ns, "rollout undo deploy/d")).Ok());
        await RolledOutAsync(ns, "deployment/d");
        Assert.Contains("3         <none>", (await _kubectl.RunAsync(ns, "rollout history deploy/d")).Ok(), StringComparison.Ordinal);
        Assert.Equal("deployment.apps/d restarted\n", (await _kubectl.RunAsync(ns, "rollout restart deploy/d")).Ok());
        await RolledOutAsync(ns, "deployment/d");

        var template = (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("d", ns, cancellationToken: Ct)).Spec.Template;
        Assert.Null(template.Spec.Containers[0].Env);
        Assert.Contains("kubectl.kubernetes.io/restartedAt", template.Metadata.Annotations.Keys);
    }

    [Fact]
    public async Task Deployment_PausedAndResumed_RollsOnlyThen()
    {
        var ns = await DeploymentAsync();

        Assert.Equal("deployment.apps/d paused\n", (await _kubectl.RunAsync(ns, "rollout pause deploy/d")).Ok());
        Assert.Equal("deployment.apps/d resource requirements updated\n", (await _kubectl.RunAsync(ns, "set resources deploy/d --limits=memory=200Mi")).Ok());
        Assert.Equal("deployment.apps/d serviceaccount updated\n", (await _kubectl.RunAsync(ns, "set serviceaccount deploy/d default")).Ok());
        Assert.Contains("can't restart paused deployment (run rollout resume first)", (await _kubectl.RunAsync(ns, "rollout restart deploy/d")).Failed(), StringComparison.Ordinal);
        Assert.Single((await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(ns, cancellationToken: Ct)).Items);
        Assert.Equal("deployment.apps/d resumed\n", (await _kubectl.RunAsync(ns, "rollout resume deploy/d")).Ok());
        await RolledOutAsync(ns, "deployment/d");

        Assert.Equal(2, (await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(ns, cancellationToken: Ct)).Items.Count);
    }

    [Fact]
    public async Task Deployment_ImageThatCannotBePulled_IsUndone()
    {
        var ns = await DeploymentAsync();

        Assert.Equal("deployment.apps/d image updated\n", (await _kubectl.RunAsync(ns, "set image deploy/d main=no/such")).Ok());
        Assert.Contains("error: timed out waiting for the condition", (await _kubectl.RunAsync(ns, "rollout status deploy/d --timeout=2s")).Failed(), StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, "rollout undo deploy/d --to-revision=1")).Ok();

        await RolledOutAsync(ns, "deployment/d");
    }

    [Fact]
    public async Task Scale_WithAndWithoutPrecondition_CountsPods()
    {
        var ns = await DeploymentAsync();

        Assert.Equal("deployment.apps/d scaled\n", (await _kubectl.RunAsync(ns, "scale deploy d --replicas=3")).Ok());
        await RolledOutAsync(ns, "deployment/d");
        Assert.Equal("error: Expected replicas to be 5, was 3\n", (await _kubectl.RunAsync(ns, "scale deploy d --replicas=1 --current-replicas=5")).Failed());
        Assert.Equal("3", (await _kubectl.RunAsync(ns, "get deploy d --subresource=scale -o jsonpath={.spec.replicas}")).Ok());
        (await _kubectl.RunAsync(ns, "patch deploy d --subresource=scale --type=merge -p {\"spec\":{\"replicas\":1}}")).Ok();

        await NodeFixture.EventuallyAsync(async () => (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items.Count == 1);
    }

    [Theory]
    [InlineData("StatefulSet", "serviceName: s, ", "statefulset.apps/w")]
    [InlineData("DaemonSet", "", "daemonset.apps/w")]
    public async Task OtherWorkload_ChangedAndUndone_Rolls(string kind, string extra, string name)
    {
        var ns = await cluster.NewNamespaceAsync();
        var file = _kubectl.Manifest("w.yaml", Workload(kind, "w", extra));
        (await _kubectl.RunAsync(ns, $"apply -f {file}")).Ok();
        await RolledOutAsync(ns, name);

        Assert.Equal($"{name} env updated\n", (await _kubectl.RunAsync(ns, $"set env {name} A=two")).Ok());
        await RolledOutAsync(ns, name);
        Assert.Matches("2 +<none>", (await _kubectl.RunAsync(ns, $"rollout history {name}")).Ok());
        Assert.Equal($"{name} rolled back\n", (await _kubectl.RunAsync(ns, $"rollout undo {name}")).Ok());
        await RolledOutAsync(ns, name);

        var pods = (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items;
        Assert.All(pods.Where(p => p.Metadata.DeletionTimestamp is null), p => Assert.Null(p.Spec.Containers[0].Env));
    }

    [Fact]
    public async Task Delete_WithEachCascade_TakesOrLeavesThePods()
    {
        var ns = await DeploymentAsync();

        (await _kubectl.RunAsync(ns, "delete deploy d --cascade=orphan")).Ok();
        Assert.Single((await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(ns, cancellationToken: Ct)).Items);
        (await _kubectl.RunAsync(ns, "delete rs --all --cascade=foreground --timeout=60s")).Ok();

        Assert.Empty((await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items);
    }

    private static string Workload(string kind, string name, string extra) =>
        $"{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: {name}}}, spec: {{{extra}selector: {{matchLabels: {{app: {name}}}}}, template: "
        + $"{{metadata: {{labels: {{app: {name}}}}}, spec: {{automountServiceAccountToken: false, terminationGracePeriodSeconds: 0, containers: "
        + $"[{{name: main, image: {NodeFixture.Image}, command: [sleep, infinity]}}]}}}}}}}}";

    private async Task<string> DeploymentAsync()
    {
        var ns = await cluster.NewNamespaceAsync();
        var file = _kubectl.Manifest("d.yaml", Workload("Deployment", "d", "replicas: 2, "));
        (await _kubectl.RunAsync(ns, $"create -f {file}")).Ok();
        await RolledOutAsync(ns, "deployment/d");
        return ns;
    }

    private async Task RolledOutAsync(string ns, string name)
    {
        var status = (await _kubectl.RunAsync(ns, $"rollout status {name} --timeout=80s")).Ok();
        Assert.Matches("successfully rolled out|rolling update complete|roll out complete", status);
    }
}
