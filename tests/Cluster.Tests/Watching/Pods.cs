using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Watching;

namespace Workspaces.Cluster.Tests.Watching;

/// <summary>Pods in the states that a kubelet reports.</summary>
internal static class Pods
{
    public const string Ns = "workspaces";
    public const string HostKey = "ssh-ed25519 AAAAhost";
    public const string WorkloadUid = "sts-uid";

    public static DateTime T0 { get; } = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    public static SeenPod Seen(V1Pod pod, PodPresence presence = PodPresence.Present) => new(pod, presence);

    public static V1Pod Pending() => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "ws-k7f3q2m-0",
            NamespaceProperty = Ns,
            Uid = "pod-uid",
            ResourceVersion = "1",
            CreationTimestamp = T0,
            Labels = new Dictionary<string, string> { [WorkspaceLabels.Workspace] = "k7f3q2m", [WorkspaceLabels.Model] = "standalone" },
            Annotations = new Dictionary<string, string> { [WorkspaceAnnotations.HostKey] = HostKey },
            OwnerReferences =
            [
                new V1OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "ws-k7f3q2m", Uid = WorkloadUid, Controller = true },
            ],
        },
        Spec = new V1PodSpec
        {
            InitContainers = [new V1Container { Name = ObjectNames.Toolkit, Image = "workspaces/toolkit" }],
            Containers = [new V1Container { Name = "workspace", Image = "registry.example.com/dev:1" }],
        },
        Status = new V1PodStatus { Phase = "Pending", Conditions = [] },
    };

    public static V1Pod Unschedulable(string message)
    {
        var pod = Pending();
        pod.Status.Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = message }];
        return pod;
    }

    public static V1Pod Scheduled()
    {
        var pod = Pending();
        pod.Spec.NodeName = "n1";
        pod.Status.Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = T0.AddSeconds(1) }];
        return pod;
    }

    public static V1Pod Waiting(string reason, string message, int restarts = 0, V1ContainerStateTerminated? last = null)
    {
        var pod = Scheduled();
        pod.Status.ContainerStatuses =
        [
            new V1ContainerStatus
            {
                Name = "workspace",
                Image = "registry.example.com/dev:1",
                RestartCount = restarts,
                ContainerID = last?.ContainerID,
                State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } },
                LastState = new V1ContainerState { Terminated = last },
            },
        ];
        return pod;
    }

    public static V1Pod Initializing()
    {
        var pod = Scheduled();
        pod.Status.InitContainerStatuses =
        [
            new V1ContainerStatus
            {
                Name = ObjectNames.Toolkit,
                State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = T0.AddSeconds(2) } },
            },
        ];
        return pod;
    }

    public static V1Pod Running(string containerId = "crun://a", bool ready = true, int restarts = 0)
    {
        var pod = Scheduled();
        pod.Status.Phase = "Running";
        pod.Status.PodIP = "10.42.0.7";
        pod.Status.Conditions.Add(new V1PodCondition
        {
            Type = "ContainersReady",
            Status = ready ? "True" : "False",
            LastTransitionTime = T0.AddSeconds(5),
        });
        pod.Status.ContainerStatuses =
        [
            new V1ContainerStatus
            {
                Name = "workspace",
                ContainerID = containerId,
                Ready = ready,
                Started = ready,
                RestartCount = restarts,
                State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = T0.AddSeconds(4) } },
            },
        ];
        return pod;
    }

    public static V1Pod Deleting(V1Pod pod, long grace = 10)
    {
        pod.Metadata.DeletionTimestamp = T0.AddSeconds(100);
        pod.Metadata.DeletionGracePeriodSeconds = grace;
        return pod;
    }

    public static V1Pod Disrupted(V1Pod pod, string reason)
    {
        pod.Status.Conditions.Add(new V1PodCondition { Type = "DisruptionTarget", Status = "True", Reason = reason });
        return Deleting(pod);
    }

    public static V1ContainerStateTerminated Terminated(string containerId, int exitCode = 1, string? reason = "Error", string? message = null) => new()
    {
        ContainerID = containerId,
        ExitCode = exitCode,
        Reason = reason,
        Message = message,
        FinishedAt = T0.AddSeconds(50),
    };
}
