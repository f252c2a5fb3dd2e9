namespace Workspaces.Requests.Authentication;

/// <summary>What came of revoking a key.</summary>
public enum KeyRevocation
{
    /// <summary>It opens nothing any more.</summary>
    Revoked,

    /// <summary>There is no such key.</summary>
    NotFound,

    /// <summary>The bootstrap file would bring it back at the next start; it must be removed there.</summary>
    FromBootstrap,
}
