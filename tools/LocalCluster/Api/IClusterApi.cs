using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Api;

/// <summary>
/// The API server as the node and the controllers see it, inside this process. Every call goes through the same admission,
/// defaulting, validation, field ownership and conflict checks as a request over HTTPS does.
/// Errors are <see cref="ApiStatusException"/>. Returned objects are copies: the caller may change them.
/// </summary>
public interface IClusterApi
{
    /// <summary>The object, or null where there is none. <paramref name="ns"/> is null for cluster-scoped types.</summary>
    JsonObject? Get(ResourceType type, string? ns, string name);

    /// <summary>All objects of a type, of one namespace or (null) of all, with the resourceVersion to start a watch from.</summary>
    (IReadOnlyList<JsonObject> Items, long ResourceVersion) List(ResourceType type, string? ns = null, string? labelSelector = null);

    /// <summary>Creates the object and returns it as stored (defaulted, with uid and resourceVersion).</summary>
    Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject obj, string fieldManager, CancellationToken ct = default);

    /// <summary>
    /// Replaces the object. Where it carries a resourceVersion that is not the stored one, the answer is 409.
    /// <paramref name="subresource"/> "status" changes the status alone.
    /// </summary>
    Task<JsonObject> UpdateAsync(ResourceType type, JsonObject obj, string fieldManager, string? subresource = null, CancellationToken ct = default);

    /// <summary>
    /// Deletes the object: at once, or, for pods with a grace period and objects with finalizers, by setting deletionTimestamp.
    /// The node confirms a pod's end with a grace period of 0.
    /// </summary>
    Task DeleteAsync(ResourceType type, string? ns, string name, DeleteOptions? options = null, CancellationToken ct = default);

    /// <summary>
    /// Changes after <paramref name="fromResourceVersion"/>, as they happen, until cancelled. 410 (<see cref="ApiStatusException"/>)
    /// where that version is no longer in the history: list again.
    /// </summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? ns, long fromResourceVersion, CancellationToken ct);

    /// <summary>
    /// Writes an Event about an object; a repeated one counts up, as the real event recorder does. <paramref name="type"/> is
    /// Normal or Warning. Never throws for a full or terminating namespace: the failure is logged.
    /// </summary>
    void RecordEvent(JsonObject involved, string type, string reason, string message, string component);
}
