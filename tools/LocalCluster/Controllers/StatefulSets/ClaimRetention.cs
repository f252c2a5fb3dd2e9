using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>
/// Which owners a claim of a StatefulSet has, so that it goes when its retention policy says so
/// (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention). Pure.
/// </summary>
internal static class ClaimRetention
{
    /// <summary>The owner references that the claim should have; null: it has them, or they are not this set's to change.</summary>
    /// <param name="set">The StatefulSet.</param>
    /// <param name="claim">The claim of one of its ordinals.</param>
    /// <param name="pod">Name and uid (empty before it is made) of the ordinal's pod.</param>
    /// <param name="isWanted">Whether the ordinal is in the set's range.</param>
    /// <param name="conflict">Whether another controller has the claim, which makes the policy void.</param>
    public static JsonArray? Owners(JsonObject set, JsonObject claim, (string Name, string Uid) pod, bool isWanted, out bool conflict)
    {
        conflict = false;
        var references = claim.Objects("metadata", "ownerReferences").ToList();
        var setUid = set.Text("metadata", "uid")!;
        bool IsSet(JsonObject reference) => Matches(reference, "apps/v1", "StatefulSet", set.Text("metadata", "name")!);
        bool IsPod(JsonObject reference) => Matches(reference, "v1", "Pod", pod.Name);
        if (references.Exists(reference => (IsSet(reference) && reference.Text("uid") != setUid) || (IsPod(reference) && reference.Text("uid") != pod.Uid)))
        {
            return null; // an earlier set's or pod's, and the garbage collector's to judge
        }

        var deleteWithSet = set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete";
        var deleteWithPod = set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") == "Delete";
        var others = references.Where(reference => !IsSet(reference) && !IsPod(reference)).Select(reference => (JsonNode)reference.DeepClone()).ToList();
        conflict = (deleteWithSet || deleteWithPod) && others.Exists(reference => reference.Flag("controller") == true);
        if (!conflict)
        {
            if (deleteWithPod && !isWanted)
            {
                others.Add(Reference("v1", "Pod", pod.Name, pod.Uid));
            }
            else if (deleteWithSet)
            {
                others.Add(Reference("apps/v1", "StatefulSet", set.Text("metadata", "name")!, setUid));
            }
        }

        var wanted = new JsonArray([.. others]);
        return JsonNode.DeepEquals(wanted, new JsonArray([.. references.Select(reference => reference.DeepClone())])) ? null : wanted;
    }

    /// <summary>Whether a claim belongs to an earlier pod of the same name, with which it is about to go.</summary>
    public static bool IsStale(JsonObject set, JsonObject claim, string pod, string uid) =>
        set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") == "Delete"
        && claim.Objects("metadata", "ownerReferences").Any(reference => Matches(reference, "v1", "Pod", pod) && reference.Text("uid") != uid);

    private static bool Matches(JsonObject reference, string apiVersion, string kind, string name) =>
        reference.Text("apiVersion") == apiVersion && reference.Text("kind") == kind && reference.Text("name") == name;

    private static JsonObject Reference(string apiVersion, string kind, string name, string uid) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = name,
        ["uid"] = uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
