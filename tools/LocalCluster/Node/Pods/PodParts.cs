namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>The collaborators of a pod worker. One set serves all workers: they keep nothing of a pod.</summary>
internal sealed record PodParts(
    PodSandboxes Sandboxes, ContainerSync Containers, PodRemoval Removal, PodStatusWriter Status, PodEvents Events, PodAdmission Admission, PodLimits Limits);
