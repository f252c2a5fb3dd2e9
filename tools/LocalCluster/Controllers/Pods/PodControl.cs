using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>Makes and deletes the pods of ReplicaSets and DaemonSets, and says so in events about the owner.</summary>
internal sealed class PodControl(IClusterApi api, ResourceType ownerType, string component)
{
    private const int LongestPrefix = 253;

    /// <summary>
    /// Makes a pod from a template; its name is the owner's with five letters. <see cref="ApiStatusException"/> where it is refused, after an event
    /// that says why (but for a namespace that is going away).
    /// </summary>
    public async Task CreateAsync(JsonObject owner, JsonObject pod, CancellationToken ct)
    {
        try
        {
            var made = await api.CreateAsync(ResourceTypes.Pods, owner.Text("metadata", "namespace"), pod, ControllerNames.FieldManager, ct);
            api.RecordEvent(owner, "Normal", "SuccessfulCreate", $"Created pod: {made.Text("metadata", "name")}", component);
        }
        catch (ApiStatusException e)
        {
            if (!IsNamespaceTerminating(e))
            {
                api.RecordEvent(owner, "Warning", "FailedCreate", $"Error creating: {e.Message}", component);
            }

            throw;
        }
    }

    /// <summary>Deletes a pod; one that is gone already is no failure.</summary>
    public async Task DeleteAsync(JsonObject owner, V1Pod pod, CancellationToken ct)
    {
        try
        {
            await api.DeleteAsync(
                ResourceTypes.Pods, pod.Metadata.NamespaceProperty, pod.Metadata.Name, new DeleteOptions { PreconditionUid = pod.Metadata.Uid }, ct);
            api.RecordEvent(owner, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}", component);
        }
        catch (ApiStatusException e) when (e.IsNotFound || e.IsConflict)
        {
            // It went meanwhile, or another took its name.
        }
        catch (ApiStatusException e)
        {
            api.RecordEvent(owner, "Warning", "FailedDelete", $"Error deleting: {e.Message}", component);
            throw;
        }
    }

    /// <summary>The pod that a template asks for.</summary>
    public JsonObject FromTemplate(JsonObject owner, JsonObject template)
    {
        var metadata = new JsonObject { ["generateName"] = Prefix(owner.Text("metadata", "name")!), ["namespace"] = owner.Text("metadata", "namespace") };
        foreach (var part in (string[])["labels", "annotations", "finalizers"])
        {
            if (template.At("metadata", part) is { } given)
            {
                metadata[part] = given.DeepClone();
            }
        }

        metadata["ownerReferences"] = new JsonArray(Ownership.Reference(ownerType, owner));
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
    }

    public static bool IsNamespaceTerminating(ApiStatusException e) => e.Details.Objects("causes").Any(cause => cause.Text("reason") == "NamespaceTerminating");

    /// <summary>A name that would be too long with a dash is used without one.</summary>
    private static string Prefix(string owner) => owner.Length < LongestPrefix ? owner + "-" : owner;
}
