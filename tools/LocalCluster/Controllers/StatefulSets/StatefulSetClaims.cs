using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>The claims of a StatefulSet's pods: made before their pod, kept or given away as the retention policy says.</summary>
internal sealed class StatefulSetClaims(IClusterApi api, ClusterView view, string component)
{
    /// <summary>Whether an ordinal's claims still belong to an earlier pod.</summary>
    public bool AreStale(StoredObject set, string pod) => StatefulSetPods.Claims(set.Json, pod)
        .Select(claim => Find(set, claim)).OfType<StoredObject>().Any(claim => ClaimRetention.IsStale(set.Json, claim.Json, pod, uid: ""));

    /// <summary>Makes the claims that a pod lacks. A refusal, or a claim that is being deleted, is an error after which the pod is not made.</summary>
    public async Task CreateAsync(StoredObject set, string pod, CancellationToken ct)
    {
        var errors = new List<string>();
        foreach (var claim in StatefulSetPods.Claims(set.Json, pod))
        {
            var name = claim.Text("metadata", "name")!;
            if (Find(set, claim) is { } present)
            {
                if (present.IsDeleted)
                {
                    errors.Add($"pvc {name} is being deleted");
                }

                continue;
            }

            try
            {
                await api.CreateAsync(ResourceTypes.PersistentVolumeClaims, set.Namespace, claim, ControllerNames.FieldManager, ct);
                api.RecordEvent(set.Json, "Normal", "SuccessfulCreate", $"Create Claim {name} Pod {pod} in StatefulSet {set.Name} success", component);
            }
            catch (ApiStatusException e)
            {
                errors.Add($"failed to create PVC {name}: {e.Message}");
                if (!e.IsAlreadyExists)
                {
                    api.RecordEvent(set.Json, "Warning", "FailedCreate", $"Create Claim {name} for Pod {pod} in StatefulSet {set.Name} failed error: {e.Message}", component);
                }
            }
        }

        if (errors.Count > 0)
        {
            throw new ApiStatusException(409, "Invalid", errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]");
        }
    }

    /// <summary>Gives a pod's claims the owners that the retention policy asks for.</summary>
    public async Task RetainAsync(StoredObject set, string pod, string podUid, bool isWanted, CancellationToken ct)
    {
        foreach (var claim in StatefulSetPods.Claims(set.Json, pod).Select(claim => Find(set, claim)).OfType<StoredObject>())
        {
            var owners = ClaimRetention.Owners(set.Json, claim.Json, (pod, podUid), isWanted, out var conflict);
            if (conflict)
            {
                api.RecordEvent(
                    set.Json, "Warning", "ConflictingController",
                    $"PersistentVolumeClaim {claim.Name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim",
                    component);
            }

            if (owners is not null)
            {
                var changed = claim.Copy();
                changed["metadata"]!["ownerReferences"] = owners;
                await api.UpdateAsync(ResourceTypes.PersistentVolumeClaims, changed, ControllerNames.FieldManager, ct: ct);
            }
        }
    }

    private StoredObject? Find(StoredObject set, JsonObject claim) => view.Get(ResourceTypes.PersistentVolumeClaims, set.Namespace, claim.Text("metadata", "name")!);
}
