using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>The API for the node and the controllers in this process: the same operations as over HTTPS, without HTTP.</summary>
internal sealed class ClusterApi(ObjectStore store, ObjectWriter writer, ObjectRemover remover, EventRecorder events) : IClusterApi
{
    public JsonObject? Get(ResourceType type, string? ns, string name) => store.Get(type, ns, name)?.Copy();

    public (IReadOnlyList<JsonObject> Items, long ResourceVersion) List(ResourceType type, string? ns = null, string? labelSelector = null)
    {
        var selector = LabelSelector.Parse(labelSelector);
        var (objects, version) = store.Snapshot(type);
        var items = objects.Values.Where(o => (ns is null || o.Namespace == ns) && selector.Matches(o.Labels)).Select(o => o.Copy()).ToList();
        return (items, version);
    }

    public Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject obj, string fieldManager, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(writer.Create(type, ns, obj, Options(fieldManager)).Object);
    }

    public Task<JsonObject> UpdateAsync(ResourceType type, JsonObject obj, string fieldManager, string? subresource = null, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var name = obj.Text("metadata", "name") ?? throw new ArgumentException("The object has no metadata.name.", nameof(obj));
        return Task.FromResult(writer.Update(type, obj.Text("metadata", "namespace"), name, obj, subresource, Options(fieldManager)).Object);
    }

    public Task DeleteAsync(ResourceType type, string? ns, string name, DeleteOptions? options = null, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        remover.Delete(type, ns, name, options ?? new DeleteOptions());
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? ns, long fromResourceVersion, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var change in store.WatchAsync(type, fromResourceVersion, ct))
        {
            if (ns is null || change.Current.Namespace == ns)
            {
                yield return new WatchEvent(change.Type, change.Current.Copy(), change.ResourceVersion);
            }
        }
    }

    public void RecordEvent(JsonObject involved, string type, string reason, string message, string component) =>
        events.Record(involved, type, reason, message, component);

    private static WriteOptions Options(string fieldManager) => new(Caller.System, fieldManager);
}
