using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Applying;

/// <summary>
/// Applies and removes objects of our own by server-side apply. Force is not the default: the first attempt is without it, so that a
/// field which somebody else owns is noticed. Where the object is ours by label and by manager, its fields are ours to set (a person
/// who scaled it by hand loses); where it is not, it is left alone.
/// </summary>
public sealed partial class ObjectApplier(IKubernetes kubernetes, ILogger<ObjectApplier> logger)
{
    /// <summary>Applies one rendered object.</summary>
    /// <exception cref="ObjectNotOursException">An object of that name exists and is somebody else's.</exception>
    public async Task<AppliedObject> ApplyAsync(JsonObject rendered, string fieldManager, CancellationToken cancellation)
    {
        var kind = ObjectKind.Of(rendered);
        var metadata = rendered["metadata"]!.AsObject();
        var (name, ns) = (metadata["name"]!.GetValue<string>(), metadata["namespace"]!.GetValue<string>());
        var patch = new V1Patch(rendered, V1Patch.PatchType.ApplyPatch);
        try
        {
            return Result(await kind.Apply(kubernetes, patch, name, ns, fieldManager, false, cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Conflict))
        {
            var found = await kind.Read(kubernetes, name, ns, cancellation).ConfigureAwait(false);
            if (!IsOurs(found.Metadata, metadata, fieldManager))
            {
                throw new ObjectNotOursException(kind.Name, ns, name);
            }

            TakingBack(logger, kind.Name, ns, name, ClusterError.Of(e)!.Message);
            return Result(await kind.Apply(kubernetes, patch, name, ns, fieldManager, true, cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Asks for the removal of an object of <paramref name="workspaceId"/>. An object of that name that is somebody else's is left
    /// alone and counts as gone.
    /// </summary>
    /// <returns>Whether it is gone; one that is being deleted is not.</returns>
    public async Task<bool> RemoveAsync(string kindName, string ns, string name, string workspaceId, CancellationToken cancellation)
    {
        var kind = ObjectKind.Named(kindName);
        try
        {
            var found = (await kind.Read(kubernetes, name, ns, cancellation).ConfigureAwait(false)).Metadata;
            if (found.Labels?.TryGetValue(WorkspaceLabels.Workspace, out var id) != true || id != workspaceId)
            {
                LeftAlone(logger, kindName, ns, name);
                return true;
            }

            if (found.DeletionTimestamp is null)
            {
                var how = new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = new V1Preconditions { Uid = found.Uid } };
                await kind.Delete(kubernetes, name, ns, how, cancellation).ConfigureAwait(false);
            }

            return false;
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return true;
        }
    }

    private static AppliedObject Result(IMetadata<V1ObjectMeta> applied) => new(applied.Metadata.Uid, applied.Metadata.ResourceVersion);

    private static bool IsOurs(V1ObjectMeta found, JsonObject wanted, string fieldManager) =>
        found.Labels is { } labels && labels.TryGetValue(WorkspaceLabels.Workspace, out var id)
        && id == wanted["labels"]?[WorkspaceLabels.Workspace]?.GetValue<string>()
        && (found.ManagedFields ?? []).Any(entry => entry.Manager == fieldManager);

    [LoggerMessage(1002, LogLevel.Warning, "Leaving {Kind} {Namespace}/{Name} alone: it is not labelled as this workspace's")]
    private static partial void LeftAlone(ILogger logger, string kind, string @namespace, string name);

    [LoggerMessage(1001, LogLevel.Debug, "Taking back fields of {Kind} {Namespace}/{Name}: {Conflict}")]
    private static partial void TakingBack(ILogger logger, string kind, string @namespace, string name, string conflict);
}
