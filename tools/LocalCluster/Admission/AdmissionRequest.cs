using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Admission;

/// <summary>What is about to be stored: the new object, and the old one where it is a change.</summary>
internal sealed record AdmissionRequest(ResourceType Type, JsonObject Object, JsonObject? Old, string? Subresource, ObjectStore Store, WriteOptions Options)
{
    public bool IsCreate => Old is null;

    public string? Namespace => Object.Text("metadata", "namespace");

    /// <summary>The name, or the beginning of it while none has been generated.</summary>
    public string Name => Object.Text("metadata", "name") is { Length: > 0 } name ? name : Object.Text("metadata", "generateName") ?? "";
}
