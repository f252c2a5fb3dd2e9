using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Storage;
using Workspaces.LocalCluster.Streaming.Spdy;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>
/// Answers portforward in each of the forms that clients speak: SPDY in a WebSocket (kubectl), SPDY alone (older clients), and channels of a WebSocket
/// (client libraries).
/// </summary>
internal sealed class PortForwardHandler(ObjectStore store, IServiceProvider services)
{
    private const string Protocol = "portforward.k8s.io";
    private const string Tunnelled = "SPDY/3.1+" + Protocol;

    public async Task HandleAsync(ApiRequest request)
    {
        var http = request.Http;
        if (http.Request.Method is not ("GET" or "POST"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var target = PodTarget.Of(request, store, needsContainer: false);
        var streams = ExecHandler.PodStreamsOf(services);

        if (http.WebSockets.WebSocketRequestedProtocols.Contains(Tunnelled))
        {
            using var socket = await WebSocketTunnel.AcceptAsync(http, Tunnelled);
            await using var tunnel = new WebSocketTunnel(socket);
            await new SpdyPortForward(streams, target).RunAsync(tunnel, http.RequestAborted);
            await WebSocketTunnel.CloseAsync(socket);
        }
        else if (SpdyUpgrade.IsAsked(http.Request))
        {
            await using var connection = await SpdyUpgrade.AcceptAsync(http, Protocol);
            await new SpdyPortForward(streams, target).RunAsync(connection, http.RequestAborted);
        }
        else
        {
            ChannelSocket.RequireUpgrade(http);
            await ChannelPortForward.RunAsync(request, streams, target);
        }
    }
}
