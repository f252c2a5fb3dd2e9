using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>
/// Applies the LimitRanges of a namespace (https://kubernetes.io/docs/concepts/policy/limit-range): defaults into new pods, never into templates; bounds for new
/// pods and for claims. A pod's containers cannot change, so its updates are not looked at.
/// </summary>
internal sealed class LimitRangeAdmission : IAdmission
{
    public void Mutate(AdmissionRequest request)
    {
        if (request.Type == ResourceTypes.Pods && request.IsCreate)
        {
            foreach (var limitRange in LimitRanges(request))
            {
                LimitDefaults.Apply(limitRange, request.Object);
            }
        }
    }

    public void Validate(AdmissionRequest request)
    {
        if (request.Subresource is not null || request.Old.At("metadata", "deletionTimestamp") is not null)
        {
            return;
        }

        Func<JsonObject, JsonObject, List<string>>? check =
            request.Type == ResourceTypes.Pods && request.IsCreate ? LimitBounds.OfPod
            : request.Type == ResourceTypes.PersistentVolumeClaims ? LimitBounds.OfClaim
            : null;
        if (check is null)
        {
            return;
        }

        foreach (var limitRange in LimitRanges(request))
        {
            var refusals = check(limitRange, request.Object["spec"]!.AsObject()).Distinct().ToList();
            if (refusals.Count > 0)
            {
                throw ApiErrors.Forbidden(request.Type, request.Name, refusals.Count == 1 ? refusals[0] : $"[{string.Join(", ", refusals)}]");
            }
        }
    }

    private static IEnumerable<JsonObject> LimitRanges(AdmissionRequest request) =>
        request.Store.List(ResourceTypes.LimitRanges, request.Namespace).Select(l => l.Json);
}
