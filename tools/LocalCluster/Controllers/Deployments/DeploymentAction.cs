namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>One thing to do to a Deployment's ReplicaSets.</summary>
internal abstract record DeploymentAction
{
    /// <summary>Make the ReplicaSet of the present template.</summary>
    public sealed record Create(int Size, long Revision) : DeploymentAction;

    /// <summary>Give the present ReplicaSet the annotations and minReadySeconds that it lacks.</summary>
    public sealed record Annotate(ReplicaSetView Set, IReadOnlyDictionary<string, string> Annotations) : DeploymentAction;

    /// <summary>Change a ReplicaSet's size, or only the sizes that its annotations remember.</summary>
    public sealed record Scale(ReplicaSetView Set, int From, int To) : DeploymentAction;

    /// <summary>Forget an old ReplicaSet that has no pods.</summary>
    public sealed record Delete(ReplicaSetView Set) : DeploymentAction;
}
