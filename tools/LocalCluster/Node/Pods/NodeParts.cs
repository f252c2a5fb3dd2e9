using System.Net;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Networking;
using Workspaces.LocalCluster.Node.Runtime;
using Workspaces.LocalCluster.Node.Volumes;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>The parts of the node that pod workers share.</summary>
internal sealed record NodeParts
{
    public required string NodeName { get; init; }

    public required IClusterApi Api { get; init; }

    public required NodeFolders Folders { get; init; }

    public required NodeNamespaces Namespaces { get; init; }

    public required NodeCgroups Cgroups { get; init; }

    public required NodeNetwork Network { get; init; }

    public required OciRuntime Runtime { get; init; }

    public required ImageCatalog Images { get; init; }

    public required ContainerStarter Starter { get; init; }

    public required PodVolumes Volumes { get; init; }

    /// <summary>Where pods ask for names.</summary>
    public required IPAddress DnsAddress { get; init; }

    /// <summary>How many processes and threads a pod may have; null: any number.</summary>
    public required long? PodPidsLimit { get; init; }

    public required FaultSwitches Faults { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Log { get; init; }
}
