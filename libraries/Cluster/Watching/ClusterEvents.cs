using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Workspaces.Cluster.Connecting;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>
/// Asks the cluster's events why something does not get on. Some refusals are said nowhere else: a quota that a StatefulSet's pod does
/// not fit in, a volume that cannot be mounted. Events are best effort, so they explain and never decide alone.
/// </summary>
public sealed partial class ClusterEvents(IKubernetes kubernetes, ILogger<ClusterEvents> logger)
{
    /// <summary>The trouble that the newest warning about an object tells of, or <see langword="null"/>.</summary>
    /// <param name="ns">Namespace of the object.</param>
    /// <param name="uid">Its uid.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <param name="since">Warnings from before this time are about something else; the cluster's times are in whole seconds.</param>
    public async Task<PodTrouble?> TroubleOfAsync(string ns, string uid, CancellationToken cancellation, DateTimeOffset? since = null)
    {
        try
        {
            var events = await kubernetes.CoreV1.ListNamespacedEventAsync(
                ns, fieldSelector: $"involvedObject.uid={uid}", cancellationToken: cancellation).ConfigureAwait(false);
            return events.Items
                .Where(happened => happened.Type == "Warning" && happened.InvolvedObject?.Uid == uid)
                .Where(happened => since is null || PodReading.Utc(TimeOf(happened)) > since.Value.AddSeconds(-1))
                .OrderByDescending(TimeOf)
                .Select(TroubleIn)
                .FirstOrDefault(trouble => trouble is not null);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            NotReadable(logger, ns, ClusterError.Of(e)!.Message);
            return null;
        }
    }

    private static DateTime? TimeOf(Corev1Event happened) =>
        happened.LastTimestamp ?? happened.EventTime ?? happened.Metadata.CreationTimestamp;

    /// <summary>What a warning means for a workspace that is coming up.</summary>
    internal static PodTrouble? TroubleIn(Corev1Event happened) => happened.Reason switch
    {
        "FailedCreate" => new PodTrouble(FailureReason.Refused, $"The cluster refused the pod: {happened.Message}", Patience.Short),
        "FailedMount" or "FailedAttachVolume" or "FailedBinding" or "ProvisioningFailed" =>
            new PodTrouble(FailureReason.Volume, $"A volume could not be mounted: {happened.Message}", Patience.UntilDeadline),
        "FailedScheduling" => new PodTrouble(FailureReason.Unschedulable, $"No node can take the workspace: {happened.Message}", Patience.UntilDeadline),
        "FailedCreatePodSandBox" or "Failed" =>
            new PodTrouble(FailureReason.Start, $"The node could not start the workspace: {happened.Message}", Patience.UntilDeadline),
        "Unhealthy" => new PodTrouble(FailureReason.Timeout, $"The SSH server does not answer: {happened.Message}", Patience.UntilDeadline),
        _ => null,
    };

    [LoggerMessage(1111, LogLevel.Warning, "Events in {Namespace} may not be read, so failures are told without them: {Reason}")]
    private static partial void NotReadable(ILogger logger, string @namespace, string reason);
}
