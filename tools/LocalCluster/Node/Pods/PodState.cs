using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Everything a pod worker knows about its pod. Only the worker changes it, except for probe results.</summary>
internal sealed class PodState
{
    private const int UnknownExitCode = 255;

    public PodState(V1Pod pod, DateTime now)
    {
        Pod = pod;
        StartTime = pod.Status?.StartTime ?? now;
        Containers =
        [
            .. (pod.Spec.InitContainers ?? []).Select(container =>
                new PodContainer(container, container.RestartPolicy == "Always" ? ContainerRole.Sidecar : ContainerRole.Init)),
            .. pod.Spec.Containers.Select(container => new PodContainer(container, ContainerRole.Main)),
        ];
        AddEphemeral(pod);
        Recall(pod);
    }

    public V1Pod Pod { get; private set; }

    public string Key => $"{Pod.Metadata.NamespaceProperty}/{Pod.Metadata.Name}";

    public string Uid => Pod.Metadata.Uid;

    /// <summary>name_namespace(uid), as the kubelet's messages name a pod.</summary>
    public string FullName => $"{Pod.Metadata.Name}_{Pod.Metadata.NamespaceProperty}({Uid})";

    public DateTime StartTime { get; }

    public List<PodContainer> Containers { get; }

    public PodSandbox? Sandbox { get; set; }

    public IReadOnlyDictionary<string, string>? Volumes { get; set; }

    /// <summary>Succeeded or Failed once the pod has ended for good.</summary>
    public string? FinalPhase { get; private set; }

    public string? FinalReason { get; private set; }

    public string? FinalMessage { get; private set; }

    /// <summary>The kubelet's eviction ended it: its containers get next to no grace.</summary>
    public bool WasEvicted { get; set; }

    /// <summary>It was ended for the sake of others, which its conditions say.</summary>
    public bool WasDisrupted { get; set; }

    /// <summary>When the disk it uses is to be measured next.</summary>
    public DateTime NextDiskCheck { get; set; }

    /// <summary>The node took the pod, after checking that it can run it.</summary>
    public bool IsAdmitted { get; set; }

    public bool InitializationDone { get; set; }

    public IEnumerable<PodContainer> InitContainers => Containers.Where(container => container.Role is ContainerRole.Init or ContainerRole.Sidecar);

    public IEnumerable<PodContainer> MainContainers => Containers.Where(container => container.Role == ContainerRole.Main);

    public IEnumerable<PodContainer> EphemeralContainers => Containers.Where(container => container.Role == ContainerRole.Ephemeral);

    public PodContainer? Find(string name) => Containers.FirstOrDefault(container => container.Name == name);

    /// <summary>The pod is over; nothing changes that any more.</summary>
    public void End(string phase, string? reason = null, string? message = null)
    {
        if (FinalPhase is null)
        {
            (FinalPhase, FinalReason, FinalMessage) = (phase, reason, message);
        }
    }

    /// <summary>Ends the probes of every container and waits for those under way.</summary>
    public async Task StopProbesAsync()
    {
        foreach (var container in Containers)
        {
            await (container.Probing?.CancelAsync() ?? Task.CompletedTask);
            await (container.Probes ?? Task.CompletedTask);
        }
    }

    /// <summary>Takes the pod as it now is: deletion, images, new ephemeral containers.</summary>
    public void Update(V1Pod pod)
    {
        Pod = pod;
        foreach (var definition in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
        {
            if (Find(definition.Name) is { } container)
            {
                container.Definition = definition;
            }
        }

        AddEphemeral(pod);
    }

    private static ContainerExit Unknown(V1ContainerStatus status, DateTime startedAt, DateTime finishedAt) =>
        new(UnknownExitCode, "Unknown", null, startedAt, finishedAt, (status.ContainerID ?? "").Replace("containerd://", "", StringComparison.Ordinal));

    private void AddEphemeral(V1Pod pod)
    {
        foreach (var ephemeral in (pod.Spec.EphemeralContainers ?? []).Where(ephemeral => Find(ephemeral.Name) is null))
        {
            Containers.Add(new PodContainer(KubernetesModel.ToJson(ephemeral).To<V1Container>(), ContainerRole.Ephemeral)
            {
                Target = string.IsNullOrEmpty(ephemeral.TargetContainerName) ? null : ephemeral.TargetContainerName,
            });
        }
    }

    /// <summary>
    /// Takes over what the status says of runs before this node started: they have ended with it, as on a node that was
    /// switched off.
    /// </summary>
    private void Recall(V1Pod pod)
    {
        var statuses = (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.EphemeralContainerStatuses ?? []);
        foreach (var status in statuses)
        {
            if (Find(status.Name) is not { } container || (status.State?.Running is null && status.State?.Terminated is null && status.LastState?.Terminated is null))
            {
                continue;
            }

            container.Attempts = status.RestartCount + 1;
            container.LastExit = status switch
            {
                { State.Running: { } running } => Unknown(status, running.StartedAt ?? StartTime, DateTime.UtcNow),
                { State.Terminated: { } ended } => From(ended),
                _ => From(status.LastState!.Terminated!),
            };
        }
    }

    private static ContainerExit From(V1ContainerStateTerminated ended) => new(
        ended.ExitCode, ended.Reason ?? "Error", ended.Message, ended.StartedAt ?? default, ended.FinishedAt ?? default,
        (ended.ContainerID ?? "").Replace("containerd://", "", StringComparison.Ordinal));
}
