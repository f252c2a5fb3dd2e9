namespace Workspaces.Ssh.Transport;

/// <summary>
/// Lets only one of several connections at a time wait for the peer's answer to a KEXINIT of its own.
/// </summary>
/// <remarks>
/// Two connections that carry each other's traffic reach their limits together. Having sent KEXINIT, a side may send no data until the
/// exchange is over, and the peer's KEXINIT comes behind data that the other connection must take. If both wait at once, neither can
/// forward and neither ends. Answering a peer's KEXINIT needs no turn: after it, the peer sends no data that could be in the way.
/// </remarks>
public sealed class RekeyTurn
{
    private object? _holder;

    internal bool TryTake(object connection) =>
        Interlocked.CompareExchange(ref _holder, connection, null) is var previous && (previous is null || previous == connection);

    internal void Release(object connection) => Interlocked.CompareExchange(ref _holder, null, connection);
}
