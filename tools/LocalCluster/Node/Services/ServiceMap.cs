using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>
/// The Services and EndpointSlices of the cluster as routing and names need them, kept up to date by whoever watches the API. Reading needs no lock.
/// </summary>
internal sealed class ServiceMap
{
    private readonly ConcurrentDictionary<(string Namespace, string Name), JsonObject> _services = new();
    private readonly ConcurrentDictionary<(string Namespace, string Service), ConcurrentDictionary<string, JsonObject>> _slices = new();

    public IEnumerable<JsonObject> Services => _services.Values;

    public JsonObject? Find(string ns, string name) => _services.GetValueOrDefault((ns, name));

    public bool HasNamespace(string ns) => _services.Keys.Any(key => key.Namespace == ns);

    /// <summary>The slices of a Service.</summary>
    public IEnumerable<JsonObject> Slices(string ns, string service) => _slices.TryGetValue((ns, service), out var slices) ? slices.Values : [];

    public void SetServices(IEnumerable<JsonObject> services)
    {
        _services.Clear();
        foreach (var service in services)
        {
            NoteService(service, gone: false);
        }
    }

    public void SetSlices(IEnumerable<JsonObject> slices)
    {
        _slices.Clear();
        foreach (var slice in slices)
        {
            NoteSlice(slice, gone: false);
        }
    }

    public void NoteService(JsonObject service, bool gone)
    {
        var key = (service.Text("metadata", "namespace") ?? "", service.Text("metadata", "name") ?? "");
        if (gone)
        {
            _services.TryRemove(key, out _);
        }
        else
        {
            _services[key] = service;
        }
    }

    public void NoteSlice(JsonObject slice, bool gone)
    {
        if (slice.Text("metadata", "labels", "kubernetes.io/service-name") is not { } service)
        {
            return;
        }

        var slices = _slices.GetOrAdd((slice.Text("metadata", "namespace") ?? "", service), _ => new ConcurrentDictionary<string, JsonObject>(StringComparer.Ordinal));
        var name = slice.Text("metadata", "name") ?? "";
        if (gone)
        {
            slices.TryRemove(name, out _);
        }
        else
        {
            slices[name] = slice;
        }
    }
}
