namespace Workspaces.Ssh.Certificates;

/// <summary>Names in certificates (OpenSSH PROTOCOL.certkeys).</summary>
public static class CertificateNames
{
    /// <summary>What a key type ends with when it is a certificate of that key.</summary>
    public const string TypeSuffix = "-cert-v01@openssh.com";

    /// <summary>Critical option: the only command that may run.</summary>
    public const string ForceCommand = "force-command";

    /// <summary>Critical option: addresses, as CIDR list, from which the certificate is good.</summary>
    public const string SourceAddress = "source-address";

    /// <summary>Critical option: signatures of hardware keys must attest that the person was verified.</summary>
    public const string VerifyRequired = "verify-required";

    /// <summary>Extension: signatures of hardware keys need not attest a touch.</summary>
    public const string NoTouchRequired = "no-touch-required";

    /// <summary>Extension: X11 forwarding.</summary>
    public const string PermitX11Forwarding = "permit-X11-forwarding";

    /// <summary>Extension: agent forwarding.</summary>
    public const string PermitAgentForwarding = "permit-agent-forwarding";

    /// <summary>Extension: port forwarding.</summary>
    public const string PermitPortForwarding = "permit-port-forwarding";

    /// <summary>Extension: terminals.</summary>
    public const string PermitPty = "permit-pty";

    /// <summary>Extension: ~/.ssh/rc.</summary>
    public const string PermitUserRc = "permit-user-rc";
}
