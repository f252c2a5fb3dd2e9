namespace Workspaces.Ssh.Keys;

/// <summary>Names of public key types and of signature algorithms.</summary>
public static class KeyTypes
{
    /// <summary>RFC 8709.</summary>
    public const string Ed25519 = "ssh-ed25519";

    /// <summary>RFC 5656 section 3.1 and 10.1.</summary>
    public const string EcdsaNistP256 = "ecdsa-sha2-nistp256";

    /// <summary>RFC 5656 section 3.1 and 10.1.</summary>
    public const string EcdsaNistP384 = "ecdsa-sha2-nistp384";

    /// <summary>RFC 5656 section 3.1 and 10.1.</summary>
    public const string EcdsaNistP521 = "ecdsa-sha2-nistp521";

    /// <summary>The type of RSA keys (RFC 4253 section 6.6). As a signature algorithm it means SHA-1 and is never accepted.</summary>
    public const string Rsa = "ssh-rsa";

    /// <summary>RFC 8332 section 3: signature algorithm of RSA keys.</summary>
    public const string RsaSha256 = "rsa-sha2-256";

    /// <summary>RFC 8332 section 3: signature algorithm of RSA keys.</summary>
    public const string RsaSha512 = "rsa-sha2-512";

    /// <summary>OpenSSH PROTOCOL.u2f: Ed25519 in a hardware key.</summary>
    public const string SkEd25519 = "sk-ssh-ed25519@openssh.com";

    /// <summary>OpenSSH PROTOCOL.u2f: ECDSA P-256 in a hardware key.</summary>
    public const string SkEcdsaNistP256 = "sk-ecdsa-sha2-nistp256@openssh.com";
}
