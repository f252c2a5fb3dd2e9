namespace Workspaces.Ssh.Certificates;

/// <summary>What a certificate vouches for (OpenSSH PROTOCOL.certkeys).</summary>
public enum CertificateType : uint
{
    /// <summary>A person's key: SSH_CERT_TYPE_USER.</summary>
    User = 1,

    /// <summary>A host's key: SSH_CERT_TYPE_HOST.</summary>
    Host = 2,
}
