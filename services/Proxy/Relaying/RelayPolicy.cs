namespace Workspaces.Proxy.Relaying;

/// <summary>What a session may be used for. It binds the client, not somebody who is root in the instance.</summary>
public sealed record RelayPolicy
{
    /// <summary>Everything is allowed, unknown channel and request types included.</summary>
    public static RelayPolicy AllowAll { get; } = new();

    public bool Shell { get; init; } = true;

    public bool Exec { get; init; } = true;

    /// <summary>The sftp subsystem; other subsystems count as <see cref="Exec"/>.</summary>
    public bool Sftp { get; init; } = true;

    public bool LocalForward { get; init; } = true;

    public bool RemoteForward { get; init; } = true;

    public bool AgentForward { get; init; } = true;

    public bool X11 { get; init; } = true;

    /// <summary>Under any restriction unknown types are refused: they might be a new way to do what is forbidden.</summary>
    internal bool AllowsUnknown => this == AllowAll;
}
