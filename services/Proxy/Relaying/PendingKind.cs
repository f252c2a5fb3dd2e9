namespace Workspaces.Proxy.Relaying;

/// <summary>What the reply to a pending request means to the relay.</summary>
internal enum PendingKind
{
    /// <summary>The other side answers; the relay does not care how.</summary>
    Relayed,

    /// <summary>The relay answers with FAILURE when the reply's turn comes; the other side knows nothing of the request.</summary>
    OwnFailure,

    /// <summary>The other side answers a disguised request; whatever it says, the asking side gets FAILURE.</summary>
    Refused,

    /// <summary>Success grants a listener: a port or a path.</summary>
    AddListener,

    /// <summary>Success grants the listener on the port that the reply names (RFC 4254 section 7.1, port 0).</summary>
    AddListenerOnGivenPort,

    /// <summary>Success takes a listener away.</summary>
    RemoveListener,

    /// <summary>Success grants agent channels.</summary>
    Agent,

    /// <summary>Success grants x11 channels.</summary>
    X11,
}
