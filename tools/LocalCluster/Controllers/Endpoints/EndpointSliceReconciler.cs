using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Node;

namespace Workspaces.LocalCluster.Controllers.Endpoints;

/// <summary>Keeps one EndpointSlice for each Service with a selector: the addresses and readiness of the pods it selects.</summary>
internal sealed class EndpointSliceReconciler(IClusterApi api) : IReconciler
{
    private const string Component = "endpointslice-controller.k8s.io";
    private const string ServiceNameLabel = "kubernetes.io/service-name";
    private const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";

    public ResourceType Type => ResourceTypes.Services;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods];

    /// <summary>A pod's labels may have changed away from a Service: every Service of the namespace is looked at.</summary>
    public IEnumerable<ObjectKey> Concerned(ResourceType type, JsonObject changed) =>
        api.List(Type, changed.Text("metadata", "namespace")).Items.Select(ObjectKey.Of);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (api.Get(Type, key.Namespace, key.Name) is not { } json || json.To<V1Service>() is not { Spec.Selector.Count: > 0 } service
            || service.Metadata.DeletionTimestamp is not null)
        {
            return null; // without the Service its slice goes by its owner reference
        }

        var pods = api.List(ResourceTypes.Pods, key.Namespace, Selectors.Text(service.Spec.Selector)).Items
            .Select(pod => pod.To<V1Pod>())
            .Where(pod => !string.IsNullOrEmpty(pod.Status?.PodIP) && !PodConditions.HasEnded(pod))
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        var slice = EndpointSliceContent.Build(service, pods);
        var existing = api.List(ResourceTypes.EndpointSlices, key.Namespace, $"{ServiceNameLabel}={key.Name},{ManagedByLabel}={Component}").Items;
        if (existing.Count == 0)
        {
            await CreateAsync(json, service, slice, ct);
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
