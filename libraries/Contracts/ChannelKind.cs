namespace Workspaces.Contracts;

/// <summary>What a channel of a session is for.</summary>
public enum ChannelKind
{
    /// <summary>An interactive shell (RFC 4254 section 6.5).</summary>
    Shell,

    /// <summary>One command (RFC 4254 section 6.5).</summary>
    Exec,

    /// <summary>The <c>sftp</c> subsystem.</summary>
    Sftp,

    /// <summary>Another subsystem.</summary>
    Subsystem,

    /// <summary>A connection from the client's side into the pod's network (<c>direct-tcpip</c>, <c>direct-streamlocal</c>).</summary>
    LocalForward,

    /// <summary>A listener in the pod that leads to the client's side (<c>tcpip-forward</c>, <c>streamlocal-forward</c>).</summary>
    RemoteForward,

    /// <summary>The client's SSH agent, offered to the pod.</summary>
    AgentForward,

    /// <summary>The client's X11 display, offered to the pod.</summary>
    X11,
}
