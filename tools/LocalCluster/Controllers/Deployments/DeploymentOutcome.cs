using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>What came of the attempt to make a ReplicaSet, for the status to tell.</summary>
internal sealed record DeploymentOutcome
{
    /// <summary>The ReplicaSet that was made now.</summary>
    public string? Created { get; set; }

    /// <summary>Why it could not be made, as the condition says it.</summary>
    public string? CreateFailure { get; set; }

    /// <summary>Its name is taken by a ReplicaSet with another template: the next attempt takes another name.</summary>
    public bool Collided { get; set; }

    /// <summary>A refusal after which all is tried again.</summary>
    public ApiStatusException? Failure { get; set; }
}
