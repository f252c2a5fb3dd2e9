using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>Waits for a decision and listens to the client meanwhile: pings are answered, its leaving is noticed, what it sends early is kept.</summary>
internal sealed class PendingDecision(SshConnection connection, int maxEarlyBytes)
{
    private readonly List<byte[]> _early = [];
    private int _earlyBytes;

    /// <summary>What came meanwhile, in order.</summary>
    public IReadOnlyList<byte[]> Early => _early;

    public async ValueTask<AuthenticationDecision> WaitAsync(
        Func<CancellationToken, ValueTask<AuthenticationDecision>> decide, CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = ListenAsync(decided.Token);
        var deciding = DecideAsync(decide, abandoned.Token);
        await Task.WhenAny(deciding, listening).ConfigureAwait(false);

        // Whichever ended first, the other is told and waited for: nothing goes on behind the caller's back.
        await (deciding.IsCompleted ? decided : abandoned).CancelAsync().ConfigureAwait(false);
        try
        {
            await listening.ConfigureAwait(false);
        }
        catch (SshException)
        {
            await abandoned.CancelAsync().ConfigureAwait(false);
            await ((Task)deciding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (deciding.Exception is { } failure)
            {
                throw failure;
            }

            throw;
        }

        return await deciding.ConfigureAwait(false);
    }

    /// <summary>Lets an authenticator that fails at once fail like one that fails later.</summary>
    private static async Task<AuthenticationDecision> DecideAsync(
        Func<CancellationToken, ValueTask<AuthenticationDecision>> decide, CancellationToken cancellationToken) =>
        await decide(cancellationToken).ConfigureAwait(false);

    /// <summary>Reads until told to stop. Ends with an exception only when the connection is over.</summary>
    private async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            SshPacket packet;
            try
            {
                packet = await connection.ReadPacketAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            _earlyBytes += packet.Payload.Length;
            if (_earlyBytes > maxEarlyBytes)
            {
                const string TooMuch = "Too much was sent before login succeeded.";
                await connection.DisconnectAsync(DisconnectReason.ProtocolError, TooMuch).ConfigureAwait(false);
                throw new SshProtocolException(DisconnectReason.ProtocolError, TooMuch);
            }

            _early.Add(packet.Payload.ToArray());
        }
    }
}
