using System.Net;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// Decides about users' certificates of configured authorities (OpenSSH PROTOCOL.certkeys). Pure. Whatever it does not understand leads to
/// refusal:
/// 1. signed by a configured authority, for a user, not revoked, valid now;
/// 2. every critical option is known and fulfilled (<c>force-command</c> is fulfilled by the instance, see <see cref="SessionGrant"/>);
/// 3. at least one principal stands for a user by the authority's rule.
/// </summary>
public sealed class UserCertificates(IReadOnlyList<UserAuthority> authorities)
{
    /// <summary>Whether certificates are accepted at all.</summary>
    public bool Any => authorities.Count > 0;

    /// <summary>What a certificate comes to.</summary>
    /// <param name="certificate">A parsed certificate, so its own signature is right.</param>
    /// <param name="client">Where the client is.</param>
    /// <param name="flags">What a hardware key attested; null before anything was signed, when that cannot be asked yet.</param>
    /// <param name="revoked">What is revoked.</param>
    /// <param name="now">The time.</param>
    public CertificateVerdict Check(SshCertificate certificate, IPAddress? client, SecurityKeyFlags? flags, KeyRevocationList revoked, DateTimeOffset now)
    {
        // 1.
        if (authorities.FirstOrDefault(candidate => candidate.Key.Equals(certificate.SignatureKey)) is not { } authority)
        {
            return CertificateVerdict.Refused(CertificateRefusal.UnknownAuthority);
        }

        if (certificate.Type != CertificateType.User)
        {
            return CertificateVerdict.Refused(CertificateRefusal.NotForUsers);
        }

        if (revoked.IsRevoked(certificate.Key, certificate))
        {
            return CertificateVerdict.Refused(CertificateRefusal.Revoked);
        }

        if (!certificate.IsValidAt(now))
        {
            return CertificateVerdict.Refused(CertificateRefusal.NotValidNow);
        }

        // 2.
        foreach (var (name, value) in certificate.CriticalOptions)
        {
            if (CheckOption(name, value, client, flags) is not CertificateRefusal.None and var refusal)
            {
                return CertificateVerdict.Refused(refusal, name);
            }
        }

        // 3.
        if (certificate.Principals.Count == 0)
        {
            return CertificateVerdict.Refused(CertificateRefusal.NoPrincipals);
        }

        var users = certificate.Principals.Select(authority.UserOf).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return users.Count > 0 ? new(CertificateRefusal.None, users) : CertificateVerdict.Refused(CertificateRefusal.NoUser);
    }

    private static CertificateRefusal CheckOption(string name, string value, IPAddress? client, SecurityKeyFlags? flags) => name switch
    {
        CertificateNames.ForceCommand => value.Length > 0 ? CertificateRefusal.None : CertificateRefusal.UnknownRestriction,
        CertificateNames.SourceAddress => Contains(value, client) ? CertificateRefusal.None : CertificateRefusal.WrongAddress,
        CertificateNames.VerifyRequired => flags?.HasFlag(SecurityKeyFlags.UserVerified) is not false ? CertificateRefusal.None : CertificateRefusal.NotVerified,
        _ => CertificateRefusal.UnknownRestriction,
    };

    /// <summary>Whether an address is in a comma-separated list of addresses and CIDR blocks; a list with anything else in it contains nothing.</summary>
    private static bool Contains(string list, IPAddress? client)
    {
        if (client is null)
        {
            return false;
        }

        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        var found = false;
        foreach (var item in list.Split(','))
        {
            if (IPAddress.TryParse(item, out var one))
            {
                found |= one.Equals(address);
            }
            else if (IPNetwork.TryParse(item, out var network))
            {
                found |= network.Contains(address);
            }
            else
            {
                return false;
            }
        }

        return found;
    }
}
