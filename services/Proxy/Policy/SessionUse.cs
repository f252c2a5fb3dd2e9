namespace Workspaces.Proxy.Policy;

/// <summary>What a session can be used for, as a policy names it.</summary>
public enum SessionUse
{
    /// <summary>A shell.</summary>
    Shell,

    /// <summary>A command; also every subsystem but sftp.</summary>
    Exec,

    /// <summary>The sftp subsystem.</summary>
    Sftp,

    /// <summary>Connections from the client to something that the instance reaches (<c>-L</c>, <c>-D</c>, <c>-W</c>).</summary>
    LocalForward,

    /// <summary>Listeners in the instance that lead to the client (<c>-R</c>).</summary>
    RemoteForward,

    /// <summary>The client's agent (<c>-A</c>).</summary>
    AgentForward,

    /// <summary>The client's display (<c>-X</c>).</summary>
    X11,
}
