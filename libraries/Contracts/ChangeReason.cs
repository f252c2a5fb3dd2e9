namespace Workspaces.Contracts;

/// <summary>Why the desired state of a workspace changed.</summary>
public enum ChangeReason
{
    /// <summary>A person or a bot asked for it.</summary>
    User,

    /// <summary>Nobody used the workspace for as long as its blueprint allows.</summary>
    Idle,

    /// <summary>Its time to live is over.</summary>
    Expired,
}
