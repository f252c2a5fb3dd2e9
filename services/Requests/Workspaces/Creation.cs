namespace Workspaces.Requests.Workspaces;

/// <summary>What came of storing a new workspace.</summary>
public enum CreationOutcome
{
    /// <summary>It is stored; everything else follows.</summary>
    Created,

    /// <summary>Another workspace, or a user, has the name.</summary>
    NameTaken,

    /// <summary>A request with the same idempotency key was faster.</summary>
    KeyTaken,
}
