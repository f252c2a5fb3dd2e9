namespace Workspaces.Ssh.Authentication;

/// <summary>Names of services and methods (RFC 4252 section 4 and 7, OpenSSH PROTOCOL section 3.1).</summary>
internal static class AuthenticationNames
{
    public const string UserAuthService = "ssh-userauth";
    public const string ConnectionService = "ssh-connection";
    public const string None = "none";
    public const string PublicKey = "publickey";

    /// <summary>RFC 4256. Offered only after a key has been accepted, where there is something to ask.</summary>
    public const string KeyboardInteractive = "keyboard-interactive";

    /// <summary>Like publickey, and the signature covers the server's host key too: what keys that are restricted to a destination need.</summary>
    public const string PublicKeyHostBound = "publickey-hostbound-v00@openssh.com";
}
