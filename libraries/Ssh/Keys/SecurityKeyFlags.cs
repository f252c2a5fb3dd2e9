namespace Workspaces.Ssh.Keys;

/// <summary>What a hardware key attests in a signature (OpenSSH PROTOCOL.u2f, FIDO2 authenticator data flags).</summary>
[Flags]
public enum SecurityKeyFlags : byte
{
    /// <summary>Nothing, or not a hardware key.</summary>
    None = 0,

    /// <summary>A person touched the key.</summary>
    UserPresent = 0x01,

    /// <summary>A person was verified, by PIN or fingerprint.</summary>
    UserVerified = 0x04,
}
