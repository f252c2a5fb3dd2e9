using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Faults;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Writes a pod's status to the API when it differs from what is there. Others' conditions are kept.</summary>
internal sealed class PodStatusWriter(IClusterApi api, FaultSwitches faults, TimeProvider time)
{
    public const string FieldManager = "kubelet";

    /// <summary>Returns without writing when the pod is gone or is another one by now.</summary>
    public async Task WriteAsync(PodState state, IPAddress hostAddress, CancellationToken ct)
    {
        while (true)
        {
            await faults.PassAsync(ct);
            var current = api.Get(ResourceTypes.Pods, state.Pod.Metadata.NamespaceProperty, state.Pod.Metadata.Name);
            if (current is null || (string?)current["metadata"]?["uid"] != state.Uid)
            {
                return;
            }

            var status = PodStatusBuilder.Build(state, hostAddress, current.To<V1Pod>().Status, time.GetUtcNow().UtcDateTime);
            var json = KubernetesModel.ToJson(status);
            if (JsonNode.DeepEquals(json, current["status"]))
            {
                return;
            }

            current["status"] = json;
            try
            {
                await api.UpdateAsync(ResourceTypes.Pods, current, FieldManager, "status", ct);
                return;
            }
            catch (ApiStatusException e) when (e.IsConflict)
            {
                // Someone else changed the pod meanwhile: decide again from what it is now.
            }
            catch (ApiStatusException e) when (e.IsNotFound)
            {
                return;
            }
        }
    }
}
