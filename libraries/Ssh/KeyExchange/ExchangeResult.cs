using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>What one key exchange leads to.</summary>
internal sealed record ExchangeResult(NegotiatedAlgorithms Algorithms, byte[] SessionId, SshPublicKey HostKey, ReadOnlyMemory<byte> PresentedHostKey);
