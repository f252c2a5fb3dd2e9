using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.FieldOwnership;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>
/// Refuses what exceeds a ResourceQuota of its namespace and charges what does not (https://kubernetes.io/docs/concepts/policy/resource-quotas). Runs last and
/// under the store's gate, so that a quota is charged only with what is stored, and two requests cannot share what is left.
/// </summary>
internal sealed class QuotaAdmission(TimeProvider clock) : IAdmission
{
    private const string Manager = "kube-apiserver";

    public void Validate(AdmissionRequest request) => Charges(request);

    public void Account(AdmissionRequest request)
    {
        foreach (var (quota, used) in Charges(request))
        {
            var changed = quota.DeepClone().AsObject();
            changed.Ensure("status")["used"] = used.ToJson();
            var ownership = new OwnershipRequest(
                Manager, ResourceTypes.ResourceQuotas.ApiVersion, "status", SchemaCatalog.Of(ResourceTypes.ResourceQuotas),
                ResetFields.Of(ResourceTypes.ResourceQuotas, "status"), clock.GetUtcNow());
            OwnershipTracker.Update(quota, changed, ownership);
            request.Store.Put(ResourceTypes.ResourceQuotas, changed);
        }
    }

    private IReadOnlyList<(JsonObject Quota, Amounts Used)> Charges(AdmissionRequest request)
    {
        if (request.Namespace is not { } ns || UsageCatalog.Of(request.Type) is not { } rules || !rules.Handles(request))
        {
            return [];
        }

        var quotas = request.Store.List(ResourceTypes.ResourceQuotas, ns).Select(q => q.Json).ToList();
        return quotas.Count == 0 ? [] : QuotaCheck.Charge(rules, request, quotas, clock.GetUtcNow());
    }
}
