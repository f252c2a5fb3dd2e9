using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>A ReplicaSet as its Deployment sees it.</summary>
internal sealed record ReplicaSetView
{
    public required string Name { get; init; }

    public string Uid { get; init; } = "";

    public DateTime Created { get; init; }

    public bool IsDeleted { get; init; }

    public long Generation { get; init; }

    /// <summary>How many pods it is asked for.</summary>
    public int Size { get; init; }

    public int MinReadySeconds { get; init; }

    public V1ReplicaSetStatus Status { get; init; } = new();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public required JsonObject Template { get; init; }

    public int Available => Status.AvailableReplicas ?? 0;

    public long Revision => DeploymentAnnotations.Number(Annotations.GetValueOrDefault(DeploymentAnnotations.Revision)) ?? 0;

    /// <summary>The Deployment's size when this set was last scaled; null where it is not known.</summary>
    public int? Desired => Count(DeploymentAnnotations.DesiredReplicas);

    /// <summary>The most pods that the Deployment could have when this set was last scaled; null where it is not known.</summary>
    public int? Max => Count(DeploymentAnnotations.MaxReplicas);

    public static ReplicaSetView Of(StoredObject stored)
    {
        var set = stored.As<V1ReplicaSet>();
        return new ReplicaSetView
        {
            Name = stored.Name,
            Uid = stored.Uid,
            Created = set.Metadata.CreationTimestamp ?? DateTime.MinValue,
            IsDeleted = stored.IsDeleted,
            Generation = set.Metadata.Generation ?? 0,
            Size = set.Spec.Replicas ?? 1,
            MinReadySeconds = set.Spec.MinReadySeconds ?? 0,
            Status = set.Status ?? new V1ReplicaSetStatus(),
            Annotations = set.Metadata.Annotations?.AsReadOnly() ?? new Dictionary<string, string>().AsReadOnly(),
            Template = stored.Json.At("spec", "template")!.AsObject(),
        };
    }

    private int? Count(string annotation) => DeploymentAnnotations.Number(Annotations.GetValueOrDefault(annotation)) is >= 0 and <= int.MaxValue and var number ? (int)number : null;
}
