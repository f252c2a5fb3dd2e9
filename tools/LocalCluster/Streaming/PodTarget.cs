using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>The pod and container that a streaming request is about, checked against the stored object.</summary>
internal sealed record PodTarget(string Namespace, string Pod, string Uid, string Container, JsonObject Spec)
{
    private static readonly string[] Lists = ["containers", "initContainers", "ephemeralContainers"];

    /// <summary>The order in which a refusal names a pod's containers.</summary>
    private static readonly string[] InOrder = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Whether no node has the pod yet; 404 and 400 as with <see cref="Of"/>.</summary>
    public static bool IsUnassigned(ApiRequest request, ObjectStore store)
    {
        var pod = store.Get(ResourceTypes.Pods, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, request.Name!);
        _ = ContainerOf(request, pod);
        return string.IsNullOrEmpty(pod.Json.Text("spec", "nodeName"));
    }

    public static PodTarget Of(ApiRequest request, ObjectStore store, bool needsContainer = true)
    {
        var pod = store.Get(ResourceTypes.Pods, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, request.Name!);
        if (string.IsNullOrEmpty(pod.Json.Text("spec", "nodeName")))
        {
            throw ApiErrors.BadRequest($"pod {pod.Name} does not have a host assigned");
        }

        var container = needsContainer ? ContainerOf(request, pod) : "";
        return new PodTarget(pod.Namespace!, pod.Name, pod.Uid, container, pod.Json["spec"]!.AsObject());
    }

    /// <summary>The container's own part of the spec.</summary>
    public JsonObject ContainerSpec => Lists.SelectMany(l => Spec.Objects(l)).First(c => c.Text("name") == Container);

    private static string ContainerOf(ApiRequest request, StoredObject pod)
    {
        var wanted = request.Parameter("container") ?? "";
        var names = pod.Json.Objects("spec", "containers").Select(c => c.Text("name")!).ToList();
        if (wanted.Length == 0)
        {
            var all = InOrder.SelectMany(l => pod.Json.Objects("spec", l)).Select(c => c.Text("name"));
            return names.Count == 1
                ? names[0]
                : throw ApiErrors.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', all)}]");
        }

        return Lists.SelectMany(l => pod.Json.Objects("spec", l)).Any(c => c.Text("name") == wanted)
            ? wanted
            : throw ApiErrors.BadRequest($"container {wanted} is not valid for pod {pod.Name}");
    }
}
