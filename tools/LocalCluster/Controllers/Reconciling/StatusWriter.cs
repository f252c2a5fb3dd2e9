using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>Writes the status that a controller found, where it differs and the object is still the same.</summary>
internal sealed class StatusWriter(IClusterApi api, ClusterView view)
{
    private const int MostAttempts = 10;

    /// <param name="seen">The object that the status is about.</param>
    /// <param name="status">The new status.</param>
    /// <param name="annotations">Annotations to set along with it; null: none.</param>
    /// <param name="ct">Cancels.</param>
    public async Task WriteAsync(StoredObject seen, JsonObject status, IReadOnlyDictionary<string, string>? annotations, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryWriteAsync(seen, status, annotations, ct);
                return;
            }
            catch (ApiStatusException e) when (e.IsNotFound)
            {
                return; // it went meanwhile
            }
            catch (ApiStatusException e) when (e.IsConflict && attempt < MostAttempts)
            {
                // Others change other parts of the object; the status is the controller's own.
            }
        }
    }

    private async Task TryWriteAsync(StoredObject seen, JsonObject status, IReadOnlyDictionary<string, string>? annotations, CancellationToken ct)
    {
        if (view.Get(seen.Type, seen.Namespace, seen.Name) is not { } stored || stored.Uid != seen.Uid)
        {
            return;
        }

        var changed = stored.Copy();
        changed["status"] = status.DeepClone();
        foreach (var (name, value) in annotations ?? new Dictionary<string, string>())
        {
            changed["metadata"]!.AsObject().Ensure("annotations")[name] = value;
        }

        await api.UpdateAsync(seen.Type, changed, ControllerNames.FieldManager, "status", ct);
    }
}
