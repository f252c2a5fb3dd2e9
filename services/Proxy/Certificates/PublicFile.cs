using Workspaces.Proxy.Authenticating;
using Workspaces.Ssh;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Certificates;

/// <summary>Reads public keys and certificates that settings name, and says what is wrong with them.</summary>
internal static class PublicFile
{
    /// <summary>A certificate of one of the host keys.</summary>
    /// <exception cref="ProxyConfigurationException">It is none that clients would accept.</exception>
    public static SshCertificate ReadHostCertificate(string path, string setting, IReadOnlyList<SshPrivateKey> hostKeys, DateTimeOffset now)
    {
        var certificate = Read(path, setting, line => SshCertificate.ParseLine(line));
        if (certificate.Type != CertificateType.Host)
        {
            throw new ProxyConfigurationException($"{setting} names {path}, which is a user's certificate. Make a host's with: ssh-keygen -s CA -h -I NAME -n HOSTNAMES KEY.pub");
        }

        if (!hostKeys.Any(key => key.PublicKey.Equals(certificate.Key)))
        {
            throw new ProxyConfigurationException($"{setting} names {path}, a certificate of a key that is not among Proxy:HostKeyFiles.");
        }

        return certificate.IsValidAt(now)
            ? certificate
            : throw new ProxyConfigurationException($"{setting} names {path}, a certificate that is not valid now. Renew it, or leave it out.");
    }

    /// <summary>An authority of user certificates.</summary>
    /// <exception cref="ProxyConfigurationException">There is no key in the file, or no rule for its principals.</exception>
    public static UserAuthority ReadUserAuthority(UserAuthorityOptions options, string setting)
    {
        if (!options.PrincipalsAreUsers && options.Users.Count == 0)
        {
            throw new ProxyConfigurationException(
                $"{setting} says nothing about whom certificates stand for. Set {setting}:PrincipalsAreUsers, or name users by principal in {setting}:Users.");
        }

        var key = Read(options.KeyFile, $"{setting}:KeyFile", SshPublicKey.ParseLine);
        return new UserAuthority(key, options.PrincipalsAreUsers, options.Users.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal));
    }

    private static T Read<T>(string path, string setting, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(path).Trim());
        }
        catch (Exception e) when (e is SshFormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProxyConfigurationException($"{setting} names '{path}', which cannot be used: {e.Message}", e);
        }
    }
}
