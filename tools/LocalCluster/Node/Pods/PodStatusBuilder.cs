using System.Net;
using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Images;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>The status of a pod from what its worker knows. Pure: the same state gives the same status.</summary>
internal static class PodStatusBuilder
{
    public static V1PodStatus Build(PodState state, IPAddress hostAddress, V1PodStatus? present, DateTime now)
    {
        var phase = Phase(state);
        var status = new V1PodStatus
        {
            Phase = phase,
            Reason = state.FinalReason,
            Message = state.FinalMessage,
            HostIP = hostAddress.ToString(),
            HostIPs = [new V1HostIP { Ip = hostAddress.ToString() }],
            StartTime = state.StartTime,
            QosClass = present?.QosClass ?? QualityOfService.Of(state.Pod),
            NominatedNodeName = present?.NominatedNodeName,
            InitContainerStatuses = Statuses(state.InitContainers),
            ContainerStatuses = Statuses(state.MainContainers),
            EphemeralContainerStatuses = Statuses(state.EphemeralContainers),
            ObservedGeneration = state.Pod.Metadata.Generation,
            Resources = state.Pod.Spec.Resources,
            AllocatedResources = state.Pod.Spec.Resources?.Requests,
        };
        if (state.Sandbox is { } sandbox)
        {
            status.PodIP = sandbox.Address.ToString();
            status.PodIPs = [new V1PodIP { Ip = status.PodIP }];
        }
        else if (present?.PodIP is not null && state.FinalPhase is not null)
        {
            (status.PodIP, status.PodIPs) = (present.PodIP, present.PodIPs);
        }

        status.Conditions = Conditions(state, phase, present?.Conditions ?? [], now);
        return status;
    }

    private static string Phase(PodState state)
    {
        if (state.FinalPhase is { } final)
        {
            return final;
        }

        // A container that waits for its first run keeps the whole pod Pending, whatever the others do.
        return state.InitializationDone && state.MainContainers.All(container => container is { Running: not null } or { LastExit: not null }) ? "Running" : "Pending";
    }

    private static List<V1ContainerStatus>? Statuses(IEnumerable<PodContainer> containers)
    {
        var list = containers.Select(Status).ToList();
        return list.Count == 0 ? null : list;
    }

    private static V1ContainerStatus Status(PodContainer container) => new()
    {
        Name = container.Name,
        Image = container.Definition.Image,
        ImageID = container.Attempts > 0 ? $"{ImageReference.Parse(container.Definition.Image ?? "").Name}@{ImageDigest.Of(container.Definition.Image ?? "")}" : "",
        ContainerID = (container.Running?.Spec.Id ?? container.LastExit?.ContainerId) is { Length: > 0 } id ? "containerd://" + id : null,
        RestartCount = container.RestartCount,
        Ready = container.Role == ContainerRole.Init ? container.Succeeded : container.Ready,
        Started = container.Role == ContainerRole.Ephemeral ? null : container.Running is not null && container.Started,
        State = State(container),
        LastState = LastState(container),
        Resources = container.Role == ContainerRole.Ephemeral ? null : container.Definition.Resources ?? new V1ResourceRequirements(),
        AllocatedResources = container.Role == ContainerRole.Ephemeral ? null : container.Definition.Resources?.Requests,
        User = container.User is { } user
            ? new V1ContainerUser { Linux = new V1LinuxContainerUser { Uid = user.Uid, Gid = user.Gid, SupplementalGroups = [.. user.AdditionalGids.Select(gid => (long?)gid)] } }
            : null,
        VolumeMounts = container.Attempts > 0 && container.Definition.VolumeMounts is { Count: > 0 } mounts ? [.. mounts.Select(Mount)] : null,
    };

    private static V1VolumeMountStatus Mount(V1VolumeMount mount) => new()
    {
        Name = mount.Name,
        MountPath = mount.MountPath,
        ReadOnlyProperty = mount.ReadOnlyProperty,
        RecursiveReadOnly = mount.ReadOnlyProperty != true ? null : mount.RecursiveReadOnly is "Enabled" or "IfPossible" ? "Enabled" : "Disabled",
    };

    private static V1ContainerState State(PodContainer container) => container switch
    {
        { Running: { } running } => new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = running.StartedAt } },
        { WaitingReason: "", LastExit: { } exit } => new V1ContainerState { Terminated = Terminated(exit) },
        _ => new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = container.WaitingReason, Message = container.WaitingMessage } },
    };

    private static V1ContainerState LastState(PodContainer container)
    {
        var exit = container.Running is null && container.WaitingReason.Length > 0 ? container.LastExit : container.PreviousExit;
        return exit is null ? new V1ContainerState() : new V1ContainerState { Terminated = Terminated(exit) };
    }

    private static V1ContainerStateTerminated Terminated(ContainerExit exit) => new()
    {
        ExitCode = exit.ExitCode,
        Reason = exit.Reason,
        Message = exit.Message,
        StartedAt = exit.StartedAt,
        FinishedAt = exit.FinishedAt,
        ContainerID = exit.ContainerId.Length > 0 ? "containerd://" + exit.ContainerId : null,
    };

    private static List<V1PodCondition> Conditions(PodState state, string phase, IEnumerable<V1PodCondition> present, DateTime now)
    {
        var known = present.ToDictionary(condition => condition.Type);
        void Set(string type, bool value, string? reason = null, string? message = null)
        {
            var status = value ? "True" : "False";
            var before = known.GetValueOrDefault(type);
            known[type] = new V1PodCondition
            {
                Type = type,
                Status = status,
                Reason = reason,
                Message = message,
                LastProbeTime = before?.LastProbeTime,
                ObservedGeneration = state.Pod.Metadata.Generation,
                LastTransitionTime = before?.Status == status ? before.LastTransitionTime : now,
            };
        }

        var ended = phase is "Succeeded" or "Failed" ? phase == "Succeeded" ? "PodCompleted" : "PodFailed" : null;
        Set("PodScheduled", true);
        Set("PodReadyToStartContainers", state.Sandbox is not null);
        if (state.WasDisrupted)
        {
            Set("DisruptionTarget", true, "TerminationByKubelet", state.FinalMessage);
        }

        var incomplete = state.InitContainers.Where(container => container.Role == ContainerRole.Init ? !container.Succeeded : !container.Started).Select(container => container.Name).ToList();
        if (state.InitializationDone || incomplete.Count == 0)
        {
            Set("Initialized", true, phase == "Succeeded" ? "PodCompleted" : null);
        }
        else
        {
            Set("Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]");
        }

        var unready = state.InitContainers.Where(container => container.Role == ContainerRole.Sidecar).Concat(state.MainContainers).Where(container => !container.Ready).Select(container => container.Name).ToList();
        var problem = $"containers with unready status: [{string.Join(' ', unready)}]";
        var gates = (state.Pod.Spec.ReadinessGates ?? []).Select(gate => (gate.ConditionType, known.GetValueOrDefault(gate.ConditionType)?.Status)).Where(gate => gate.Status != "True").ToList();
        if (ended is not null)
        {
            Set("ContainersReady", false, ended);
            Set("Ready", false, ended);
        }
        else if (unready.Count > 0)
        {
            Set("ContainersReady", false, "ContainersNotReady", problem);
            Set("Ready", false, "ContainersNotReady", problem);
        }
        else
        {
            Set("ContainersReady", true);
            if (gates.Count == 0)
            {
                Set("Ready", true);
            }
            else
            {
                Set("Ready", false, "ReadinessGatesNotReady", string.Join(", ", gates.Select(gate => gate.Status is null
                    ? $"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist."
                    : $"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\", but {gate.Status}")));
            }
        }

        string[] order = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
        return [.. known.Values.OrderBy(condition => Array.IndexOf(order, condition.Type) is >= 0 and var index ? index : order.Length)];
    }
}
