namespace Workspaces.Contracts;

/// <summary>Why a session ended.</summary>
public enum SessionCloseReason
{
    /// <summary>The client ended it.</summary>
    ClientClosed,

    /// <summary>The instance ended it, or went away.</summary>
    InstanceClosed,

    /// <summary>A key, a user or the ownership of the workspace was removed.</summary>
    Revoked,

    /// <summary>One side broke the SSH protocol.</summary>
    ProtocolError,

    /// <summary>The Proxy shut down.</summary>
    ProxyShutdown,

    /// <summary>The Proxy ended without saying so; found at its next start.</summary>
    ProxyLost,

    /// <summary>Nothing passed for longer than the installation allows.</summary>
    Idle,
}
