using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>How far a pod that is coming up has come.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Message">A sentence for a person.</param>
/// <param name="At">Since when; <see langword="null"/> where the cluster does not say.</param>
public sealed record StartStep(WorkspaceStage Stage, string Message, DateTimeOffset? At);

/// <summary>Reads from the state of a pod how far it has come. Pure.</summary>
public static class StartReading
{
    /// <summary>The step that the pod is in.</summary>
    public static StartStep StepOf(V1Pod pod, string container)
    {
        // The steps from the last to the first: the furthest that can be seen is the one.
        if (PodReading.StatusOf(pod, container) is { State.Running: { } running })
        {
            return new StartStep(WorkspaceStage.Starting, "The workspace has started; waiting for its SSH server.", PodReading.Utc(running.StartedAt));
        }

        if (PodReading.StatusOf(pod, ObjectNames.Toolkit) is { } toolkit)
        {
            var began = toolkit.State?.Running?.StartedAt ?? toolkit.State?.Terminated?.StartedAt ?? toolkit.LastState?.Terminated?.StartedAt;
            if (began is not null)
            {
                return new StartStep(WorkspaceStage.Initializing, "Preparing the workspace.", PodReading.Utc(began));
            }
        }

        var scheduled = (pod.Status?.Conditions ?? []).FirstOrDefault(c => c is { Type: "PodScheduled", Status: "True" });
        if (scheduled is not null || pod.Spec?.NodeName is { Length: > 0 })
        {
            var image = pod.Spec?.Containers.FirstOrDefault(c => c.Name == container)?.Image;
            return new StartStep(
                WorkspaceStage.Pulling, $"Fetching the image {image} on node {pod.Spec?.NodeName}.", PodReading.Utc(scheduled?.LastTransitionTime));
        }

        return new StartStep(WorkspaceStage.Scheduling, "Looking for a node.", PodReading.Utc(pod.Metadata.CreationTimestamp));
    }
}
