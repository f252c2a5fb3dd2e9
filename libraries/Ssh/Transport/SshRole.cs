namespace Workspaces.Ssh.Transport;

/// <summary>Which side of a connection this is.</summary>
public enum SshRole
{
    /// <summary>Connected; checks the host key; authenticates.</summary>
    Client,

    /// <summary>Was connected to; proves the host key; is authenticated to.</summary>
    Server,
}
