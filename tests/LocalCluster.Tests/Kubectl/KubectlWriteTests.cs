using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>kubectl commands that change objects.</summary>
public sealed class KubectlWriteTests(ApiCluster cluster) : IClassFixture<ApiCluster>, IDisposable
{
    private readonly KubectlCommand _kubectl = new(cluster.KubeconfigFile);

    public void Dispose() => _kubectl.Dispose();

    [Fact]
    public async Task LabelAndAnnotate_ChangeAndRefuse()
    {
        var ns = await WithConfigMapAsync();

        Assert.Equal("configmap/c labeled\n", (await _kubectl.RunAsync(ns, "label configmap c a=b")).Ok());
        Assert.Equal(
            "error: 'a' already has a value (b), and --overwrite is false\n", (await _kubectl.RunAsync(ns, "label configmap c a=c")).Failed());
        Assert.Equal("configmap/c labeled\n", (await _kubectl.RunAsync(ns, "label configmap c a=c --overwrite")).Ok());
        Assert.Equal("configmap/c annotated\n", (await _kubectl.RunAsync(ns, "annotate configmap c x=y")).Ok());
        Assert.Equal("configmap/c unlabeled\n", (await _kubectl.RunAsync(ns, "label configmap c a-")).Ok());

        var metadata = (await cluster.Client.ReadNamespacedConfigMapAsync("c", ns)).Metadata;
        Assert.Null(metadata.Labels);
        Assert.Equal("y", metadata.Annotations["x"]);
    }

    [Fact]
    public async Task Patch_EachType_DoesWhatItSays()
    {
        var ns = await WithConfigMapAsync();

        (await _kubectl.RunAsync(ns, "patch configmap c --type=json -p '[{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"1\"}]'")).Ok();
        (await _kubectl.RunAsync(ns, "patch configmap c --type=merge -p '{\"data\":{\"k\":null,\"m\":\"2\"}}'")).Ok();
        (await _kubectl.RunAsync(ns, "patch configmap c -p '{\"metadata\":{\"finalizers\":[\"a/b\"]}}'")).Ok();
        Assert.Equal("configmap/c patched (no change)\n", (await _kubectl.RunAsync(ns, "patch configmap c -p '{\"data\":{\"m\":\"2\"}}'")).Ok());

        var patched = await cluster.Client.ReadNamespacedConfigMapAsync("c", ns);
        Assert.Equal(["j", "m"], patched.Data.Keys.Order());
        Assert.Equal(["a/b"], patched.Metadata.Finalizers);
        (await _kubectl.RunAsync(ns, "patch configmap c --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'")).Ok();
    }

    [Fact]
    public async Task Apply_AgainAndChanged_TellsWhatHappened()
    {
        var ns = await cluster.NamespaceAsync();
        var file = _kubectl.Manifest("a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1', z: '1'}}");
        Assert.Equal("configmap/a created\n", (await _kubectl.RunAsync(ns, $"apply -f {file}")).Ok());
        Assert.Equal("configmap/a unchanged\n", (await _kubectl.RunAsync(ns, $"apply -f {file}")).Ok());

        _kubectl.Manifest("a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '2'}}");
        var diff = await _kubectl.RunAsync(ns, $"diff -f {file}");
        Assert.Equal(1, diff.ExitCode);
        Assert.Contains("\n-  z: \"1\"\n", diff.Output, StringComparison.Ordinal);
        Assert.Contains("\n+  x: \"2\"\n", diff.Output, StringComparison.Ordinal);
        Assert.Equal("configmap/a configured (server dry run)\n", (await _kubectl.RunAsync(ns, $"apply -f {file} --dry-run=server")).Ok());
        Assert.Equal("configmap/a configured\n", (await _kubectl.RunAsync(ns, $"apply -f {file}")).Ok());
        Assert.Equal(0, (await _kubectl.RunAsync(ns, $"diff -f {file}")).ExitCode);

        Assert.Equal(["x"], (await cluster.Client.ReadNamespacedConfigMapAsync("a", ns)).Data.Keys);
        Assert.Equal("configmap/a replaced\n", (await _kubectl.RunAsync(ns, $"replace -f {file}")).Ok());
        Assert.EndsWith("configmap/a replaced\n", (await _kubectl.RunAsync(ns, $"replace --force -f {file}")).Ok(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyServerSide_TwoManagers_ConflictUntilForced()
    {
        var ns = await cluster.NamespaceAsync();
        var file = _kubectl.Manifest("s.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {x: '1'}}");
        Assert.Equal("configmap/s serverside-applied\n", (await _kubectl.RunAsync(ns, $"apply --server-side --field-manager=one -f {file}")).Ok());
        _kubectl.Manifest("s.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: s}, data: {x: '2'}}");

        var refused = (await _kubectl.RunAsync(ns, $"apply --server-side --field-manager=two -f {file}")).Failed();
        Assert.StartsWith("error: Apply failed with 1 conflict: conflict with \"one\": .data.x\n", refused, StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, $"apply --server-side --field-manager=two --force-conflicts -f {file}")).Ok();

        var managers = (await cluster.Client.ReadNamespacedConfigMapAsync("s", ns)).Metadata.ManagedFields;
        Assert.Equal(["two"], managers.Select(m => m.Manager));
    }

    [Fact]
    public async Task Apply_KustomizationAndPrune_MakeAndRemove()
    {
        var ns = await cluster.NamespaceAsync();
        _kubectl.File("k/kustomization.yaml", "{resources: [r.yaml], namePrefix: pre-}");
        _kubectl.File("k/r.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: r}}");
        var two = _kubectl.Manifest(
            "two.yaml",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: kept, labels: {set: x}}}",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: gone, labels: {set: x}}}");

        Assert.Equal("configmap/pre-r created\n", (await _kubectl.RunAsync(ns, "apply -k k")).Ok());
        (await _kubectl.RunAsync(ns, $"apply -f {two}")).Ok();
        _kubectl.Manifest("two.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: kept, labels: {set: x}}}");
        var pruned = (await _kubectl.RunAsync(ns, $"apply -f {two} --prune -l set=x --prune-allowlist=core/v1/ConfigMap")).Ok();

        Assert.Contains("configmap/kept unchanged\nconfigmap/gone pruned\n", pruned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_WithAnEditor_SavesWhatItWrote()
    {
        var ns = await WithConfigMapAsync();
        var editor = Path.Combine(_kubectl.Folder, "editor");
        await System.IO.File.WriteAllTextAsync(editor, "#!/bin/sh\nsed -i 's/  k: .*/  k: edited/' \"$1\"\n");
        System.IO.File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal("configmap/c edited\n", (await _kubectl.RunAsync(ns, "edit configmap c")).Ok());
        Assert.Equal("Edit cancelled, no changes made.\n", (await _kubectl.RunAsync(ns, "edit configmap c")).Errors);

        Assert.Equal("edited", (await cluster.Client.ReadNamespacedConfigMapAsync("c", ns)).Data["k"]);
    }

    [Fact]
    public async Task Validate_WrongField_IsNamed()
    {
        var ns = await cluster.NamespaceAsync();
        var file = _kubectl.Manifest("bad.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: bad}, spec: {containers: [{name: c, image: i, imagee: x}]}}");

        Assert.Contains("unknown field \"spec.containers[0].imagee\"", (await _kubectl.RunAsync(ns, $"apply -f {file}")).Failed(), StringComparison.Ordinal);
        var warned = await _kubectl.RunAsync(ns, $"create -f {file} --validate=warn");
        Assert.Contains("Warning: unknown field \"spec.containers[0].imagee\"", warned.Errors, StringComparison.Ordinal);
        Assert.Equal("pod/bad created\n", warned.Ok());
    }

    [Fact]
    public async Task Set_OnServiceAndBinding_ChangesThem()
    {
        var ns = await cluster.NamespaceAsync();
        (await _kubectl.RunAsync(ns, "create service clusterip s --tcp=80")).Ok();
        (await _kubectl.RunAsync(ns, "create rolebinding b --role=r --user=u")).Ok();

        Assert.Equal("service/s selector updated\n", (await _kubectl.RunAsync(ns, "set selector svc/s app=z")).Ok());
        (await _kubectl.RunAsync(ns, "set subject rolebinding b --user=v")).Ok();

        Assert.Equal("z", (await cluster.Client.ReadNamespacedServiceAsync("s", ns)).Spec.Selector["app"]);
        Assert.Equal(["u", "v"], (await cluster.Client.ReadNamespacedRoleBindingAsync("b", ns)).Subjects.Select(s => s.Name));
    }

    [Fact]
    public async Task Delete_EachForm_TellsWhatWent()
    {
        var ns = await WithConfigMapAsync();
        (await _kubectl.RunAsync(ns, "create configmap d")).Ok();

        Assert.StartsWith("configmap \"c\" deleted", (await _kubectl.RunAsync(ns, "delete configmap c --dry-run=server")).Ok(), StringComparison.Ordinal);
        Assert.StartsWith("configmap \"c\" deleted", (await _kubectl.RunAsync(ns, "delete configmap c")).Ok(), StringComparison.Ordinal);
        Assert.Equal("Error from server (NotFound): configmaps \"c\" not found\n", (await _kubectl.RunAsync(ns, "delete configmap c")).Failed());
        Assert.Equal("", (await _kubectl.RunAsync(ns, "delete configmap c --ignore-not-found")).Ok());
        Assert.Equal("No resources found\n", (await _kubectl.RunAsync(ns, "delete configmap -l none=here")).Ok());
        Assert.StartsWith($"namespace \"{ns}\" deleted", (await _kubectl.RunAsync(ns, $"delete namespace {ns} --wait --timeout=60s")).Ok(), StringComparison.Ordinal);
        Assert.Contains("NotFound", (await _kubectl.RunAsync(ns, $"get namespace {ns}")).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CordonTaintAndDrain_WorkOnANode()
    {
        var ns = await cluster.NamespaceAsync();
        var node = await cluster.Client.CreateNodeAsync(new V1Node { Metadata = new V1ObjectMeta { Name = ns } });
        await cluster.Client.CreateNamespacedPodAsync(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "there" },
            Spec = new V1PodSpec { NodeName = node.Metadata.Name, Containers = [new V1Container { Name = "c", Image = "i" }] },
        }, ns);

        Assert.Equal($"node/{ns} cordoned\n", (await _kubectl.RunAsync(ns, $"cordon {ns}")).Ok());
        Assert.True((await cluster.Client.ReadNodeAsync(ns)).Spec.Unschedulable);
        Assert.Equal($"node/{ns} uncordoned\n", (await _kubectl.RunAsync(ns, $"uncordon {ns}")).Ok());
        Assert.Equal($"node/{ns} tainted\n", (await _kubectl.RunAsync(ns, $"taint node {ns} a=b:NoSchedule")).Ok());
        Assert.Contains("a=b:NoSchedule", (await _kubectl.RunAsync(ns, $"describe node {ns}")).Ok(), StringComparison.Ordinal);
        Assert.Equal($"node/{ns} untainted\n", (await _kubectl.RunAsync(ns, $"taint node {ns} a-")).Ok());
        var refused = (await _kubectl.RunAsync(ns, $"drain {ns} --grace-period=0")).Failed();
        Assert.Contains("cannot delete", refused, StringComparison.Ordinal);
        var drained = (await _kubectl.RunAsync(ns, $"drain {ns} --force --grace-period=0 --timeout=60s")).Ok();

        Assert.EndsWith($"node/{ns} drained\n", drained, StringComparison.Ordinal);
        Assert.Empty((await cluster.Client.ListNamespacedPodAsync(ns)).Items);
        await cluster.Client.DeleteNodeAsync(ns);
    }

    private async Task<string> WithConfigMapAsync()
    {
        var ns = await cluster.NamespaceAsync();
        (await _kubectl.RunAsync(ns, "create configmap c --from-literal=k=v")).Ok();
        return ns;
    }
}
