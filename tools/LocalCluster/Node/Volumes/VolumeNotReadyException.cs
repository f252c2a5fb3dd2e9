namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>A volume cannot be mounted now; the pod waits and tries again. The message is that of the FailedMount event.</summary>
internal sealed class VolumeNotReadyException(string message) : Exception(message);
