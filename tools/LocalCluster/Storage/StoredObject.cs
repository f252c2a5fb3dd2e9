using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Storage;

/// <summary>
/// One version of one object. Never changed after it is made, so that lists, watches and the journal can share it; whoever
/// wants to change it takes a <see cref="Copy"/>.
/// </summary>
public sealed class StoredObject
{
    private byte[]? _utf8;
    private object? _model;

    public StoredObject(ResourceType type, JsonObject json)
    {
        Type = type;
        Json = json;
        var metadata = json["metadata"]!.AsObject();
        Namespace = (string?)metadata["namespace"];
        Name = (string)metadata["name"]!;
        Uid = (string?)metadata["uid"] ?? "";
        ResourceVersion = long.Parse((string)metadata["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture);
        Key = KeyOf(Namespace, Name);
        Labels = metadata["labels"] as JsonObject;
        OwnerUids = [.. metadata.Objects("ownerReferences").Select(o => o.Text("uid") ?? "")];
        ControllerUid = metadata.Objects("ownerReferences").FirstOrDefault(o => o.Flag("controller") == true).Text("uid");
        IsDeleted = metadata["deletionTimestamp"] is not null;
    }

    public ResourceType Type { get; }

    /// <summary>Read only: this very object is shared by every reader.</summary>
    public JsonObject Json { get; }

    public string? Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public long ResourceVersion { get; }

    public string Key { get; }

    public JsonObject? Labels { get; }

    public IReadOnlyList<string> OwnerUids { get; }

    /// <summary>The uid of the owner that controls it, if any.</summary>
    public string? ControllerUid { get; }

    /// <summary>Whether its deletion has begun; finalizers or the node still hold it.</summary>
    public bool IsDeleted { get; }

    /// <summary>The object as it goes over the wire, made once.</summary>
    public byte[] Utf8 => _utf8 ??= JsonSerializer.SerializeToUtf8Bytes(Json, ApiJson.Options);

    /// <summary>The object as the client library's class, read once. Read only, as <see cref="Json"/> is.</summary>
    public T As<T>()
        where T : class => (T)(_model ??= k8s.KubernetesJson.Deserialize<T>(Json.ToJsonString(ApiJson.Options)));

    /// <summary>Whether a finalizer is on it.</summary>
    public bool HasFinalizer(string name) => Json.At("metadata", "finalizers") is JsonArray list && list.Any(f => (string?)f == name);

    /// <summary>The same with another version, as a watcher is shown what it no longer sees.</summary>
    public StoredObject AtVersion(long version)
    {
        var copy = Copy();
        copy["metadata"]!["resourceVersion"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new StoredObject(Type, copy);
    }

    public JsonObject Copy() => Json.DeepClone().AsObject();

    /// <summary>Orders a namespace's objects together; the separator sorts before every character of a name.</summary>
    public static string KeyOf(string? ns, string name) => $"{ns}/{name}";
}
