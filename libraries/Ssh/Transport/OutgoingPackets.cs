using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.KeyExchange;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Transport;

/// <summary>
/// The sending side of a connection: one writer at a time, and between KEXINIT and NEWKEYS nothing but key exchange messages
/// (RFC 4253 section 7.1). It starts closed, because a connection begins with a key exchange.
/// </summary>
internal sealed class OutgoingPackets(PipeWriter output, Func<Exception?> ending) : IDisposable
{
    /// <summary>Flush at least this often, however much there is to write at once.</summary>
    private const int FlushThreshold = 64 * 1024;

    /// <summary>Own replies that a peer can make this side owe during a key exchange.</summary>
    private const int MaxQueuedReplies = 256;
    private const int MaxQueuedReplyBytes = 64 * 1024;

    private static readonly byte[] NewKeys = [MessageNumber.NewKeys];

    private readonly PacketWriter _writer = new(output);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<byte[]> _replies = new();
    private int _replyBytes;
    private TaskCompletionSource? _keyExchange = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KexInit? _ownKexInit;

    /// <summary>Whether an exchange is going on: from the first KEXINIT, whoever sent it, to the last NEWKEYS.</summary>
    public bool IsExchanging { get; private set; }

    /// <summary>Exchanges completed.</summary>
    public int KeyExchanges { get; private set; }

    public long TotalBytes => _writer.TotalBytes;

    public long KeyBytes => _writer.KeyBytes;

    public long KeyPackets => _writer.KeyPackets;

    /// <summary>Writes the identification (RFC 4253 section 4.2).</summary>
    public async ValueTask WriteIdentificationAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        _writer.WriteRaw(line.Span);
        await FlushLockedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a message; waits while a key exchange is running or the stream takes no more.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> payload, bool flush, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (_keyExchange is { } running && ending() is null)
            {
                _turn.Release();
                try
                {
                    await running.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                }
            }

            ThrowIfEnded();
            _writer.Write(payload.Span);
            if (flush || _writer.Unflushed >= FlushThreshold)
            {
                await FlushLockedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Writes a message that the reader owes the peer. It never waits for a key exchange, since the reader is what a key exchange waits
    /// for: while one is running the message is queued, and sent right after NEWKEYS.
    /// </summary>
    public async ValueTask ReplyAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            if (_keyExchange is null)
            {
                _writer.Write(payload.Span);
                await FlushLockedAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            _replyBytes += payload.Length;
            if (_replies.Count >= MaxQueuedReplies || _replyBytes > MaxQueuedReplyBytes)
            {
                throw new SshProtocolException(DisconnectReason.ProtocolError, "Too many requests for replies during a key exchange.");
            }

            _replies.Enqueue(payload.ToArray());
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends what was written without a flush.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            if (_writer.Unflushed > 0)
            {
                await FlushLockedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends KEXINIT, unless this side's is already on its way, and holds everything else back from here on.</summary>
    /// <param name="answering">Whether the peer's KEXINIT is there. Otherwise nothing happens while an exchange is still running.</param>
    /// <param name="create">Makes the message.</param>
    /// <returns>This side's KEXINIT; null where an exchange was running and this side need not answer.</returns>
    public async ValueTask<KexInit?> BeginKeyExchangeAsync(bool answering, Func<KexInit> create)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            if (IsExchanging)
            {
                return answering ? _ownKexInit : null;
            }

            IsExchanging = true;
            _keyExchange ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var own = create();
            _ownKexInit = own;
            _writer.Write(own.Payload.Span);
            await FlushLockedAsync(CancellationToken.None).ConfigureAwait(false);
            return own;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes a message of the key exchange.</summary>
    public async ValueTask WriteKeyExchangeAsync(ReadOnlyMemory<byte> payload, bool flush, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            _writer.Write(payload.Span);
            if (flush)
            {
                await FlushLockedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends NEWKEYS, takes the new keys into use, sends what must come first and what was owed, and lets everybody write again.</summary>
    public async ValueTask FinishKeyExchangeAsync(PacketSealer sealer, bool resetSequenceNumber, ReadOnlyMemory<byte> firstMessage, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            _writer.Write(NewKeys);
            _writer.SwitchTo(sealer, resetSequenceNumber);
            if (!firstMessage.IsEmpty)
            {
                _writer.Write(firstMessage.Span);
            }

            while (_replies.TryDequeue(out var reply))
            {
                _writer.Write(reply);
            }

            _replyBytes = 0;
            await FlushLockedAsync(cancellationToken).ConfigureAwait(false);
            var running = _keyExchange;
            _keyExchange = null;
            running?.TrySetResult();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The peer's NEWKEYS is there: the exchange is over, another may begin.</summary>
    public async ValueTask EndKeyExchangeAsync()
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        IsExchanging = false;
        _ownKexInit = null;
        KeyExchanges++;
        _turn.Release();
    }

    /// <summary>
    /// The last message, as far as the stream still takes one: waits up to <paramref name="patience"/> for the turn and for the stream.
    /// Afterwards every writer fails. Never throws.
    /// </summary>
    public async Task EndAsync(ReadOnlyMemory<byte> lastMessage, TimeSpan patience)
    {
        _keyExchange?.TrySetResult();
        if (!await _turn.WaitAsync(patience).ConfigureAwait(false))
        {
            // The writer holding the turn waits for a stream that takes no more.
            output.CancelPendingFlush();
            return;
        }

        try
        {
            using var deadline = new CancellationTokenSource(patience);
            if (!lastMessage.IsEmpty)
            {
                _writer.Write(lastMessage.Span);
            }

            await _writer.FlushAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (TransportFailure.Is(e))
        {
            // The connection is over either way; there is nobody left to tell.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives the stream back. Nothing may be writing.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _turn.Dispose();
    }

    private async ValueTask FlushLockedAsync(CancellationToken cancellationToken)
    {
        var result = await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCanceled)
        {
            ThrowIfEnded();
        }

        if (result.IsCompleted)
        {
            throw new SshDisconnectedException(DisconnectReason.ConnectionLost, "The connection was closed by the other side.", byPeer: true);
        }
    }

    private void ThrowIfEnded()
    {
        if (ending() is { } reason)
        {
            throw SshDisconnectedException.Because(reason);
        }
    }
}
