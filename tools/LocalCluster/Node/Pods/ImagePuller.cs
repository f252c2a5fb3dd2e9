using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Images;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Finds a container's image, with the events, reasons and delays of a node that pulls from a registry.</summary>
internal sealed class ImagePuller(ImageCatalog catalog, FaultSwitches faults, PodEvents events, TimeProvider time)
{
    /// <summary>The image, or null with the container's waiting reason set and the time of the next attempt in it.</summary>
    public ImageDefinition? Pull(PodState pod, PodContainer container)
    {
        var name = container.Definition.Image ?? "";
        var now = time.GetUtcNow().UtcDateTime;
        if (container.LastPullFailure is { } failure && now < container.Pulls.NotBefore(failure))
        {
            BackOff(pod, container, name);
            return null;
        }

        var policy = container.Definition.ImagePullPolicy ?? (ImageReference.Parse(name).Tag == "latest" ? "Always" : "IfNotPresent");
        var (image, problem) = faults.TakePullFailure(name)
            ? (null, $"failed to pull and unpack image \"{name}\": failed to resolve reference \"{name}\": failed to do request: dial tcp: i/o timeout")
            : Find(name);
        if (image is not null)
        {
            ReportPulled(pod, container, name, policy);
            container.LastPullFailure = null;
            return image;
        }

        if (policy == "Never")
        {
            Problem(pod, container, "ErrImageNeverPull", $"Container image \"{name}\" is not present with pull policy of Never");
            return null;
        }

        container.LastPullFailure = now;
        container.Pulls.Attempt(now);
        container.ReportedProblem = null;
        events.Normal(pod, container, "Pulling", $"Pulling image \"{name}\"");
        events.Warning(pod, container, "Failed", $"Failed to pull image \"{name}\": {problem}");
        events.Warning(pod, container, "Failed", "Error: ErrImagePull");
        container.Wait("ErrImagePull", problem);
        return null;
    }

    /// <summary>When a container that waits for its image should be looked at again.</summary>
    public static DateTime? NextAttempt(PodContainer container) =>
        container.LastPullFailure is { } failure ? container.Pulls.NotBefore(failure) : null;

    private (ImageDefinition? Image, string? Problem) Find(string name)
    {
        try
        {
            var image = catalog.Find(name);
            return (image, image is null ? $"failed to resolve reference \"{name}\": no file in the images folder describes it" : null);
        }
        catch (ImageFileException e)
        {
            return (null, e.Message);
        }
    }

    private void BackOff(PodState pod, PodContainer container, string name)
    {
        if (container.WaitingReason == "ImagePullBackOff")
        {
            return;
        }

        events.Normal(pod, container, "BackOff", $"Back-off pulling image \"{name}\"");
        events.Warning(pod, container, "Failed", "Error: ImagePullBackOff");
        container.Wait("ImagePullBackOff", $"Back-off pulling image \"{name}\": ErrImagePull: {container.WaitingMessage}");
    }

    private void ReportPulled(PodState pod, PodContainer container, string name, string policy)
    {
        if (policy == "Always")
        {
            events.Normal(pod, container, "Pulling", $"Pulling image \"{name}\"");
            events.Normal(pod, container, "Pulled", $"Successfully pulled image \"{name}\" in 1ms (1ms including waiting). Image size: 0 bytes.");
        }
        else
        {
            events.Normal(pod, container, "Pulled", $"Container image \"{name}\" already present on machine");
        }
    }

    private void Problem(PodState pod, PodContainer container, string reason, string message)
    {
        container.Wait(reason, message);
        if (container.ReportedProblem != message)
        {
            container.ReportedProblem = message;
            events.Warning(pod, container, reason, message);
            events.Warning(pod, container, "Failed", $"Error: {reason}");
        }
    }
}
