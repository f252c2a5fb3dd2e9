using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>
/// Forwards ports over a connection of SPDY. The client opens two streams for each of its connections, which share a requestID: one for the bytes, one
/// for what goes wrong. Each direction ends by itself.
/// </summary>
internal sealed class SpdyPortForward(IPodStreams streams, PodTarget target)
{
    private const string ErrorStream = "error";
    private const string DataStream = "data";
    private const int Chunk = 64 * 1024;

    private static readonly TimeSpan PairTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<SpdyStream>> _errorStreams = new();
    private readonly ConcurrentDictionary<Task, byte> _forwards = new();

    public async Task RunAsync(Stream transport, CancellationToken aborted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        using var connection = new SpdyConnection(transport);
        try
        {
            await connection.RunAsync(stream => Accept(connection, stream, ending.Token), ending.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && e is not SpdyException)
        {
            // The client is gone.
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(_forwards.Keys);
        }
    }

    private bool Accept(SpdyConnection connection, SpdyStream stream, CancellationToken ct)
    {
        if (!int.TryParse(stream.Header("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > ushort.MaxValue)
        {
            return false;
        }

        var type = stream.Header("streamtype");
        var request = stream.Header("requestid") is { Length: > 0 } id ? id : Assumed(stream, type);
        switch (type)
        {
            case ErrorStream:
                return ErrorStreamOf(request).TrySetResult(stream);
            case DataStream:
                var forward = Task.Run(() => ForwardAsync(connection, stream, request, port, ct), CancellationToken.None);
                _forwards[forward] = 0;
                forward.ContinueWith(t => _forwards.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Clients that give no requestID open the stream for errors first and the one for data right after it.</summary>
    private static string Assumed(SpdyStream stream, string type) => $"stream {(type == DataStream ? stream.Id - 2 : stream.Id)}";

    private TaskCompletionSource<SpdyStream> ErrorStreamOf(string request) =>
        _errorStreams.GetOrAdd(request, _ => new TaskCompletionSource<SpdyStream>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ForwardAsync(SpdyConnection connection, SpdyStream data, string request, int port, CancellationToken ct)
    {
        SpdyStream? errors = null;
        try
        {
            errors = await ErrorStreamOf(request).Task.WaitAsync(PairTimeout, ct);
            await ForwardAsync(data, errors, port, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or TimeoutException)
        {
            // The client is gone or has given this connection up: nobody is left to tell.
        }
        finally
        {
            _errorStreams.TryRemove(request, out _);
            connection.Remove(data);
            if (errors is not null)
            {
                connection.Remove(errors);
            }
        }
    }

    private async Task ForwardAsync(SpdyStream data, SpdyStream errors, int port, CancellationToken ct)
    {
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, data.Reset);
            await using var pod = await streams.ConnectAsync(target.Namespace, target.Pod, port, ending.Token);
            await CopyAsync(data, (NetworkStream)pod, ending);
            await data.CloseAsync(ct);
        }
        catch (Exception e) when (e is ApiStatusException or SocketException)
        {
            var text = $"error forwarding port {port} to pod {target.Uid}, uid : {e.Message}";
            await errors.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
            await data.AbortAsync(SpdyStatus.Cancel, ct);
        }

        await errors.CloseAsync(ct);
    }

    /// <summary>Both directions until both are over; the pod learns that the client ended its own.</summary>
    private static async Task CopyAsync(SpdyStream data, NetworkStream pod, CancellationTokenSource ending)
    {
        var toPod = Task.Run(async () =>
        {
            try
            {
                await data.Input.CopyToAsync(pod, Chunk, ending.Token);
                pod.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The pod no longer reads, or the client has gone: what is left has nowhere to go. Reading on keeps the client's other streams alive.
                await DrainAsync(data.Input, ending.Token);
            }
        });
        try
        {
            var buffer = new byte[Chunk];
            int read;
            while ((read = await pod.ReadAsync(buffer, ending.Token)) > 0)
            {
                await data.WriteAsync(buffer.AsMemory(0, read), ending.Token);
            }
        }
        catch (IOException)
        {
            // The pod's side reset the connection: it is over, like an end.
        }

        // What the pod has closed takes nothing in any more.
        await ending.CancelAsync();
        try
        {
            await toPod;
        }
        catch (OperationCanceledException)
        {
            // It waited for more from the client.
        }
    }

    private static async Task DrainAsync(Stream input, CancellationToken ct)
    {
        try
        {
            await input.CopyToAsync(Stream.Null, ct);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}
