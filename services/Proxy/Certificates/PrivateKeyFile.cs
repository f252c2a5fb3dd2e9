using Workspaces.Ssh;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Certificates;

/// <summary>Reads private keys from files, and refuses files that others can read.</summary>
internal static class PrivateKeyFile
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="setting">The setting that names it, for the error message.</param>
    /// <exception cref="ProxyConfigurationException">There is no usable key in it.</exception>
    public static SshPrivateKey Read(string path, string setting)
    {
        if (!File.Exists(path))
        {
            throw new ProxyConfigurationException(
                $"{setting} names {path}, which does not exist. Make a key with: ssh-keygen -t ed25519 -N '' -f {path}");
        }

        // Kubernetes mounts Secrets readable for a group; for everybody is never right.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new ProxyConfigurationException($"{setting} names {path}, which everybody on this machine can read. Run: chmod o= {path}");
        }

        try
        {
            return SshPrivateKey.ReadFile(path);
        }
        catch (SshFormatException e)
        {
            throw new ProxyConfigurationException($"{setting}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProxyConfigurationException($"{setting} names {path}, which cannot be read: {e.Message}", e);
        }
    }
}
