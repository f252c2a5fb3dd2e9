using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Endpoints;

/// <summary>Keeps one EndpointSlice for each Service with a selector: the addresses and readiness of the pods it selects.</summary>
internal sealed class EndpointSliceReconciler(IClusterApi api, ClusterView view) : IReconciler
{
    private const string Component = "endpointslice-controller.k8s.io";
    private const string ServiceNameLabel = "kubernetes.io/service-name";
    private const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";

    public ResourceType Type => ResourceTypes.Services;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods];

    public IEnumerable<ObjectKey> Concerned(StoredObject changed) => view.List(Type, changed.Namespace).Where(service => Selects(service, changed)).Select(ObjectKey.Of);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (view.Get(Type, key.Namespace, key.Name) is not { IsDeleted: false } stored || stored.As<V1Service>() is not { Spec.Selector.Count: > 0 } service)
        {
            return null; // without the Service its slice goes by its owner reference
        }

        var pods = view.List(ResourceTypes.Pods, key.Namespace)
            .Where(pod => Selects(stored, pod))
            .Select(pod => pod.As<V1Pod>())
            .Where(pod => !string.IsNullOrEmpty(pod.Status?.PodIP) && !PodConditions.HasEnded(pod))
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        var slice = EndpointSliceContent.Build(service, pods);
        var existing = api.List(ResourceTypes.EndpointSlices, key.Namespace, $"{ServiceNameLabel}={key.Name},{ManagedByLabel}={Component}").Items;
        if (existing.Count == 0)
        {
            await CreateAsync(stored.Json, service, slice, ct);
            return null;
        }

        var current = existing[0];
        var changed = false;
        foreach (var name in (string[])["endpoints", "ports"])
        {
            if (!JsonNode.DeepEquals(current[name] ?? new JsonArray(), slice[name]))
            {
                current[name] = slice[name]!.DeepClone();
                changed = true;
            }
        }

        if (changed)
        {
            await api.UpdateAsync(ResourceTypes.EndpointSlices, current, Component, ct: ct);
        }

        return null;
    }

    private static bool Selects(StoredObject service, StoredObject pod) =>
        service.Json.At("spec", "selector") is JsonObject { Count: > 0 } labels && labels.All(label => pod.Labels.Text(label.Key) == (string?)label.Value);

    private Task<JsonObject> CreateAsync(JsonObject json, V1Service service, JsonObject slice, CancellationToken ct)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in service.Metadata.Labels ?? new Dictionary<string, string>())
        {
            labels[name] = value;
        }

        labels[ServiceNameLabel] = service.Metadata.Name;
        labels[ManagedByLabel] = Component;
        if (service.Spec.ClusterIP == "None")
        {
            labels["service.kubernetes.io/headless"] = "";
        }

        slice["metadata"] = new JsonObject
        {
            ["generateName"] = service.Metadata.Name + "-",
            ["namespace"] = service.Metadata.NamespaceProperty,
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(Ownership.Reference(Type, json)),
        };
        return api.CreateAsync(ResourceTypes.EndpointSlices, service.Metadata.NamespaceProperty, slice, Component, ct);
    }
}
