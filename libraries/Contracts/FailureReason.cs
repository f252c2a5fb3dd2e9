namespace Workspaces.Contracts;

/// <summary>Why a workspace failed.</summary>
public enum FailureReason
{
    /// <summary>The cluster refused an object: quota, limits, Pod Security, admission or permissions.</summary>
    Refused,

    /// <summary>No node could take the pod within the time allowed.</summary>
    Unschedulable,

    /// <summary>An image could not be pulled.</summary>
    ImagePull,

    /// <summary>A volume could not be bound or mounted.</summary>
    Volume,

    /// <summary>The workspace container ended or never became ready.</summary>
    Start,

    /// <summary>It took longer than the time allowed, without a more precise reason.</summary>
    Timeout,

    /// <summary>The blueprint asks for something that this worker or this cluster does not offer.</summary>
    Unsupported,

    /// <summary>Injection: the target does not exist, or is of a kind that cannot be injected into.</summary>
    TargetNotFound,

    /// <summary>Injection: the namespace has not opted in, or the requester may not change the target.</summary>
    NotAllowed,

    /// <summary>Injection: somebody else owns a field that the injection needs.</summary>
    Conflict,
}
