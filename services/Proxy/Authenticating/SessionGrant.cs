using Workspaces.Proxy.Relaying;
using Workspaces.Ssh.Certificates;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// What one session may do: the policy of the installation, narrowed by what a user's certificate permits. The relay enforces it towards
/// the client, and the certificate of the second leg says the same to the instance's sshd.
/// </summary>
/// <param name="Policy">What the relay lets pass.</param>
/// <param name="Permissions">Extensions of the second leg's certificate.</param>
/// <param name="ForceCommand">The only command that the instance may run, where the user's certificate says so.</param>
public sealed record SessionGrant(RelayPolicy Policy, IReadOnlyList<string> Permissions, string? ForceCommand)
{
    /// <summary>Narrows a policy by a certificate, if there is one.</summary>
    public static SessionGrant Of(RelayPolicy policy, SshCertificate? certificate)
    {
        bool Permits(string extension) => certificate?.Extensions.ContainsKey(extension) is not false;

        var narrowed = policy with
        {
            LocalForward = policy.LocalForward && Permits(CertificateNames.PermitPortForwarding),
            RemoteForward = policy.RemoteForward && Permits(CertificateNames.PermitPortForwarding),
            AgentForward = policy.AgentForward && Permits(CertificateNames.PermitAgentForwarding),
            X11 = policy.X11 && Permits(CertificateNames.PermitX11Forwarding),
        };
        (string Extension, bool Allowed)[] permissions =
        [
            (CertificateNames.PermitPty, (policy.Shell || policy.Exec) && Permits(CertificateNames.PermitPty)),
            (CertificateNames.PermitPortForwarding, narrowed.LocalForward || narrowed.RemoteForward),
            (CertificateNames.PermitAgentForwarding, narrowed.AgentForward),
            (CertificateNames.PermitX11Forwarding, narrowed.X11),
            (CertificateNames.PermitUserRc, (policy.Shell || policy.Exec) && Permits(CertificateNames.PermitUserRc)),
        ];
        return new(
            narrowed,
            [.. permissions.Where(permission => permission.Allowed).Select(permission => permission.Extension)],
            certificate?.CriticalOptions.GetValueOrDefault(CertificateNames.ForceCommand));
    }
}
