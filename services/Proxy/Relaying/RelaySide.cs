namespace Workspaces.Proxy.Relaying;

/// <summary>One of the two connections of a relay.</summary>
public enum RelaySide
{
    /// <summary>Leg 1: the person's SSH client.</summary>
    Client,

    /// <summary>Leg 2: the sshd in the instance.</summary>
    Instance,
}
