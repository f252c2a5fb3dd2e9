using k8s.Models;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>A run of a container that is to be started, with what the pod worker has prepared for it.</summary>
internal sealed record ContainerRequest(
    V1Pod Pod,
    V1Container Container,
    ImageDefinition Image,
    string Id,
    int Attempt,
    NamespacePlan Namespaces,
    IReadOnlyDictionary<string, string> Volumes);
