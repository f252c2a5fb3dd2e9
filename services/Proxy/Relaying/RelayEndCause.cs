namespace Workspaces.Proxy.Relaying;

/// <summary>What ended a relay.</summary>
public enum RelayEndCause
{
    /// <summary>The client disconnected, or its connection was lost.</summary>
    ClientLeft,

    /// <summary>The instance disconnected, or its connection was lost.</summary>
    InstanceLeft,

    /// <summary>The client broke the protocol.</summary>
    ClientViolation,

    /// <summary>The instance broke the protocol.</summary>
    InstanceViolation,

    /// <summary>The Proxy ended it: revocation, shutdown, a limit.</summary>
    Stopped,
}
