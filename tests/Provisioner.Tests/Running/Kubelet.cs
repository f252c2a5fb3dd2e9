using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>Plays the StatefulSet controller and the kubelet for one workspace, as far as its pod goes.</summary>
internal sealed class Kubelet(IKubernetes client, string workspaceId)
{
    private const string Ns = "workspaces";

    private string Name => ObjectNames.For(workspaceId);

    private string PodName => Name + "-0";

    public Task<V1StatefulSet> StatefulSetAsync() => Eventually.FindAsync(async () => await FindStatefulSetAsync(), $"StatefulSet {Name}");

    public async Task<V1StatefulSet?> FindStatefulSetAsync()
    {
        try
        {
            return await client.AppsV1.ReadNamespacedStatefulSetAsync(Name, Ns);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return null;
        }
    }

    /// <summary>The pod, made from the template as the controller makes it.</summary>
    public async Task<V1Pod> PodAsync()
    {
        var set = await StatefulSetAsync();
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = PodName,
                NamespaceProperty = Ns,
                Labels = set.Spec.Template.Metadata.Labels,
                Annotations = set.Spec.Template.Metadata.Annotations,
                OwnerReferences =
                [
                    new V1OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = Name, Uid = set.Uid(), Controller = true, BlockOwnerDeletion = true },
                ],
            },
            Spec = set.Spec.Template.Spec,
        };
        try
        {
            return await client.CoreV1.CreateNamespacedPodAsync(pod, Ns);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.AlreadyExists))
        {
            return await client.CoreV1.ReadNamespacedPodAsync(PodName, Ns);
        }
    }

    /// <summary>The workspace container runs and its startup probe has passed.</summary>
    public async Task<V1Pod> RunAsync(string containerId = "crun://a", bool ready = true)
    {
        await PodAsync();
        return await ReportAsync(new V1PodStatus
        {
            Phase = "Running",
            PodIP = "10.42.0.7",
            Conditions =
            [
                new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = DateTime.UtcNow },
                new V1PodCondition { Type = "ContainersReady", Status = ready ? "True" : "False", LastTransitionTime = DateTime.UtcNow },
            ],
            ContainerStatuses =
            [
                Status(containerId, ready, new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = DateTime.UtcNow } }),
            ],
        });
    }

    /// <summary>The workspace container waits.</summary>
    public async Task<V1Pod> WaitAsync(string reason, string message)
    {
        await PodAsync();
        return await ReportAsync(new V1PodStatus
        {
            Phase = "Pending",
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = DateTime.UtcNow }],
            ContainerStatuses =
            [
                Status("", false, new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } }),
            ],
        });
    }

    /// <summary>The pod is gone for good.</summary>
    public async Task EndAsync()
    {
        try
        {
            await client.CoreV1.DeleteNamespacedPodAsync(PodName, Ns, gracePeriodSeconds: 0);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            // a controller was faster
        }
    }

    /// <summary>From now on the pod stays, however it is deleted.</summary>
    public Task HoldAsync() => FinalizersAsync("[\"tests.workspaces.dev/held\"]");

    /// <summary>The pod may go.</summary>
    public Task LetGoAsync() => FinalizersAsync("null");

    private Task<V1Pod> FinalizersAsync(string json) =>
        client.CoreV1.PatchNamespacedPodAsync(new V1Patch($$"""{"metadata":{"finalizers":{{json}} } }""", V1Patch.PatchType.MergePatch), PodName, Ns);

    private async Task<V1Pod> ReportAsync(V1PodStatus status)
    {
        while (true)
        {
            var pod = await client.CoreV1.ReadNamespacedPodAsync(PodName, Ns);
            pod.Status = status;
            try
            {
                return await client.CoreV1.ReplaceNamespacedPodStatusAsync(pod, PodName, Ns);
            }
            catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Conflict))
            {
                // a controller wrote the pod in between
            }
        }
    }

    private static V1ContainerStatus Status(string containerId, bool ready, V1ContainerState state) => new()
    {
        Name = ObjectNames.WorkspaceContainer,
        Image = "workspaces/workspace",
        ImageID = "",
        ContainerID = containerId,
        Ready = ready,
        Started = ready,
        State = state,
    };
}
