using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Certificates;

/// <summary>The private keys of the Proxy, read once at start.</summary>
/// <param name="HostKeys">What clients know the Proxy by, the preferred first.</param>
/// <param name="HostCertificates">Certificates of those keys.</param>
/// <param name="UserAuthority">What instances know the Proxy's certificates by.</param>
public sealed record ProxyKeys(IReadOnlyList<SshPrivateKey> HostKeys, IReadOnlyList<SshCertificate> HostCertificates, SshPrivateKey UserAuthority)
{
    /// <summary>Reads the keys that the settings name.</summary>
    /// <exception cref="ProxyConfigurationException">A setting is missing, or a file has no usable key.</exception>
    public static ProxyKeys Read(ProxyOptions options, TimeProvider time)
    {
        if (options.HostKeyFiles.Count == 0)
        {
            throw new ProxyConfigurationException("Proxy:HostKeyFiles is empty. Name at least one private host key file (Proxy__HostKeyFiles__0).");
        }

        if (string.IsNullOrEmpty(options.UserCaKeyFile))
        {
            throw new ProxyConfigurationException(
                "Proxy:UserCaKeyFile is not set. Name the private key file of the user certificate authority that the workspaces trust.");
        }

        var hostKeys = options.HostKeyFiles.Select((path, i) => PrivateKeyFile.Read(path, $"Proxy:HostKeyFiles:{i}")).ToList();
        if (hostKeys.GroupBy(key => key.PublicKey.KeyType).FirstOrDefault(type => type.Count() > 1) is { } twice)
        {
            throw new ProxyConfigurationException($"Proxy:HostKeyFiles names {twice.Count()} keys of type {twice.Key}. Keep one of each type.");
        }

        var certificates = options.HostCertificateFiles.Select((path, i) =>
            PublicFile.ReadHostCertificate(path, $"Proxy:HostCertificateFiles:{i}", hostKeys, time.GetUtcNow())).ToList();
        return new ProxyKeys(hostKeys, certificates, PrivateKeyFile.Read(options.UserCaKeyFile, "Proxy:UserCaKeyFile"));
    }
}
