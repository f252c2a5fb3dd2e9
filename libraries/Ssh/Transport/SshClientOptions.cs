using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.Transport;

/// <summary>What the client's side needs.</summary>
public sealed class SshClientOptions : SshConnectionOptions
{
    /// <summary>
    /// Whether a host key is the expected one; asked at every key exchange, after the server has proved that it holds the key. The
    /// implementer must compare with a key known beforehand: accepting any key lets anybody stand in the middle.
    /// </summary>
    public required Func<SshPublicKey, bool> IsExpectedHostKey { get; init; }

    /// <summary>Host key algorithms, best first.</summary>
    public IReadOnlyList<string> HostKeyAlgorithms { get; init; } = SshAlgorithms.DefaultHostKeyAlgorithms;
}
