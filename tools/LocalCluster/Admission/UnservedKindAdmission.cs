using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission;

/// <summary>
/// Refuses objects that would have no effect here: workloads that no controller rolls out. Stored and ignored, they would look like a
/// cluster that does not work. A cluster without a node runs nothing, so there workloads are only data.
/// </summary>
internal sealed class UnservedKindAdmission(LocalClusterOptions options) : IAdmission
{
    private static readonly ResourceType[] WithoutController = [ResourceTypes.Deployments, ResourceTypes.ReplicaSets, ResourceTypes.DaemonSets];

    public void Validate(AdmissionRequest request)
    {
        if (request.IsCreate && options.WithNode && WithoutController.Contains(request.Type))
        {
            throw ApiErrors.NotImplemented($"a controller for {request.Type.Plural} (StatefulSets and pods run)");
        }
    }
}
