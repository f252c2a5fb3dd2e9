using System.Globalization;
using k8s.Models;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>Reads from the state of a pod what keeps it from coming up. Pure.</summary>
public static class TroubleReading
{
    /// <summary>Restarts after which a container that keeps ending is given up.</summary>
    private const int HopelessRestarts = 2;

    /// <summary>The trouble of <paramref name="pod"/>, or <see langword="null"/> where it is on its way.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="containers">Names of the containers whose trouble counts; absent: all of them.</param>
    public static PodTrouble? Of(V1Pod pod, IReadOnlyCollection<string>? containers = null)
    {
        var statuses = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            .Where(status => containers?.Contains(status.Name) ?? true);
        return statuses.Select(status => OfContainer(pod, status)).FirstOrDefault(trouble => trouble is not null)
            ?? OfScheduling(pod)
            ?? (containers is null ? OfPod(pod) : null);
    }

    private static PodTrouble? OfContainer(V1Pod pod, V1ContainerStatus status)
    {
        if (status.State?.Waiting is not { Reason: { Length: > 0 } reason } waiting)
        {
            return null;
        }

        var image = string.IsNullOrEmpty(status.Image) ? ImageOf(pod, status.Name) : status.Image;
        return reason switch
        {
            "InvalidImageName" or "ErrImageNeverPull" =>
                new PodTrouble(FailureReason.ImagePull, $"The image {image} cannot be used: {Words(waiting)}", Patience.None),
            "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable" or "ImageInspectError" =>
                new PodTrouble(FailureReason.ImagePull, $"The image {image} could not be pulled: {Words(waiting)}", Patience.Short),
            "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" =>
                new PodTrouble(FailureReason.Start, $"The container '{status.Name}' could not be started: {Words(waiting)}", Patience.Short),
            "CrashLoopBackOff" => new PodTrouble(
                FailureReason.Start, CrashMessage(status), status.RestartCount >= HopelessRestarts ? Patience.None : Patience.UntilDeadline),
            _ => null, // ContainerCreating, PodInitializing: on its way
        };
    }

    private static PodTrouble? OfScheduling(V1Pod pod)
    {
        var condition = (pod.Status?.Conditions ?? []).FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" });
        if (condition is not { Reason: "Unschedulable" })
        {
            return null;
        }

        var words = condition.Message ?? "no node fits";
        return words.Contains("persistentvolumeclaim", StringComparison.OrdinalIgnoreCase)
            ? new PodTrouble(FailureReason.Volume, $"A volume could not be bound: {words}", Patience.UntilDeadline)
            : new PodTrouble(FailureReason.Unschedulable, $"No node can take the workspace: {words}", Patience.UntilDeadline);
    }

    private static PodTrouble? OfPod(V1Pod pod) => pod.Status is { Phase: "Failed" } status
        ? new PodTrouble(FailureReason.Start, $"The pod failed: {status.Reason} {status.Message}".TrimEnd(' ', ':'), Patience.Short)
        : null;

    private static string CrashMessage(V1ContainerStatus status)
    {
        var last = status.LastState?.Terminated;
        var how = last switch
        {
            null => "it keeps ending",
            { Reason: "OOMKilled" } => "it ran out of memory; raise 'resources.limits.memory'",
            { Message: { Length: > 0 } words } => string.Create(CultureInfo.InvariantCulture, $"exit code {last.ExitCode}, {words}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"exit code {last.ExitCode}"),
        };
        return $"The container '{status.Name}' ends each time it is started: {how}";
    }

    private static string Words(V1ContainerStateWaiting waiting) =>
        string.IsNullOrEmpty(waiting.Message) ? waiting.Reason : waiting.Message;

    private static string? ImageOf(V1Pod pod, string container) =>
        (pod.Spec?.InitContainers ?? []).Concat(pod.Spec?.Containers ?? []).FirstOrDefault(c => c.Name == container)?.Image;
}
