using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>The pod and container that a streaming request is about, checked against the stored object.</summary>
internal sealed record PodTarget(string Namespace, string Pod, string Container, JsonObject Spec)
{
    private static readonly string[] Lists = ["containers", "initContainers", "ephemeralContainers"];

    public static PodTarget Of(ApiRequest request, ObjectStore store, bool needsContainer = true)
    {
        var pod = store.Get(ResourceTypes.Pods, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, request.Name!);
        if (string.IsNullOrEmpty(pod.Json.Text("spec", "nodeName")))
        {
            throw ApiErrors.BadRequest($"pod {pod.Name} does not have a host assigned");
        }

        var container = needsContainer ? ContainerOf(request, pod) : "";
        return new PodTarget(pod.Namespace!, pod.Name, container, pod.Json["spec"]!.AsObject());
    }

    /// <summary>The container's own part of the spec.</summary>
    public JsonObject ContainerSpec => Lists.SelectMany(l => Spec.Objects(l)).First(c => c.Text("name") == Container);

    private static string ContainerOf(ApiRequest request, StoredObject pod)
    {
        var wanted = request.Parameter("container") ?? "";
        var names = pod.Json.Objects("spec", "containers").Select(c => c.Text("name")!).ToList();
        if (wanted.Length == 0)
        {
            var others = pod.Json.Objects("spec", "initContainers").Select(c => c.Text("name")).ToList();
            return names.Count == 1
                ? names[0]
                : throw ApiErrors.BadRequest(
                    $"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(" ", names)}]"
                    + (others.Count > 0 ? $" or one of the init containers: [{string.Join(" ", others)}]" : ""));
        }

        return Lists.SelectMany(l => pod.Json.Objects("spec", l)).Any(c => c.Text("name") == wanted)
            ? wanted
            : throw ApiErrors.BadRequest($"container {wanted} is not valid for pod {pod.Name}");
    }
}
