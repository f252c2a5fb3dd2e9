using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Workspaces.Contracts;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Certificates;
using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.Relaying;
using Workspaces.Proxy.Routing;
using Workspaces.Proxy.Sessions;
using Workspaces.Proxy.Sessions.Spool;
using Workspaces.Ssh;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Proxy.Listening;

/// <summary>One TCP connection on the SSH port, from its first byte to its last: key exchange, login, relay, end.</summary>
internal sealed partial class SshConnectionHandler(
    ProxyKeys proxyKeys,
    ProxyOptions options,
    StartupGate gate,
    AddressThrottle throttle,
    ProxyHeaderReader headers,
    LoginDecider decider,
    Credentials credentials,
    RoutingTable routes,
    SessionRegistry sessions,
    AuthenticationFailures failures,
    AuditSpool spool,
    IHostApplicationLifetime lifetime,
    ILogger<SshConnectionHandler> logger) : ConnectionHandler
{
    private readonly SshServerOptions _server = new()
    {
        Identification = SshIdentification.Create(options.Ssh.SoftwareVersion, "Workspaces"),
        HostKeys = proxyKeys.HostKeys,
        HostCertificates = proxyKeys.HostCertificates,
        KeyExchanges = options.Ssh.KeyExchanges.Count > 0 ? [.. options.Ssh.KeyExchanges] : SshAlgorithms.DefaultKeyExchanges,
        RekeyLimits = new RekeyLimits { Bytes = options.Ssh.RekeyBytes },
    };

    private readonly ServerAuthenticationOptions _authentication = new()
    {
        MaxAttempts = options.Ssh.MaxAttempts,
        LoginGraceTime = options.Ssh.LoginGraceTime,
    };

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        using var startup = gate.Enter(() => connection.Abort(new ConnectionAbortedException("Too many connections are not logged in.")));
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            SocketKeepAlive.Enable(socket);
        }

        try
        {
            await headers.ReadAsync(connection);
            if (connection.RemoteEndPoint is IPEndPoint { Address: var address } && !throttle.Allows(address))
            {
                failures.Add(address, "", AuthenticationFailureReason.Throttled);
                connection.Abort(new ConnectionAbortedException("Too many logins from this address have failed."));
                return;
            }

            await using var client = await SshConnection.AcceptAsync(connection.Transport, _server, lifetime.ApplicationStopping);
            await ServeAsync(client, connection, startup);
        }
        catch (SshException e)
        {
            // What clients do wrong is told to them and counted; the log is not theirs to fill.
            LogEnded(logger, connection.RemoteEndPoint, e.Message);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            LogEnded(logger, connection.RemoteEndPoint, "The Proxy is shutting down.");
        }
        catch (FormatException e)
        {
            // Not a client's doing: whoever runs the load balancer has to hear of it.
            LogNoHeader(logger, connection.RemoteEndPoint, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            LogEnded(logger, connection.RemoteEndPoint, "It was closed, or sent nothing, before the first byte of SSH.");
        }
    }

    private async Task ServeAsync(SshConnection client, ConnectionContext connection, IDisposable startup)
    {
        await using var login = new ConnectionLogin(decider, credentials, failures, throttle, connection.RemoteEndPoint, onSigned: startup.Dispose);
        try
        {
            await ServerAuthentication.AuthenticateAsync(client, login, _authentication, lifetime.ApplicationStopping);
        }
        catch (SshException)
        {
            login.Failed();
            throw;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await client.DisconnectAsync(DisconnectReason.ByApplication, Draining.Sentence);
            throw;
        }

        var established = login.Take();
        using var lease = established.Lease;
        await using var instance = established.Instance;
        await RelayAsync(client, instance.Ssh, established.Session, established.Grant.Policy);
    }

    private async Task RelayAsync(SshConnection client, SshConnection instance, Session session, RelayPolicy policy)
    {
        var relay = new SshRelay(
            client,
            instance,
            new RelayOptions { Policy = policy, InstanceLost = () => SessionRight.WhyGone(session, routes) },
            new SessionObserver(session, spool, logger),
            logger);
        session.Carry(relay.Stop, () => (relay.BytesFromClient, relay.BytesFromInstance));
        var reason = SessionCloseReason.ProtocolError;
        try
        {
            var end = await relay.RunAsync();
            reason = ReasonFor(end.Cause);
            LogClosed(logger, session.Id, end.Cause, end.Message);
        }
        finally
        {
            sessions.Close(session, reason);
        }
    }

    private static SessionCloseReason ReasonFor(RelayEndCause cause) => cause switch
    {
        RelayEndCause.ClientLeft => SessionCloseReason.ClientClosed,
        RelayEndCause.InstanceLeft => SessionCloseReason.InstanceClosed,
        RelayEndCause.ClientViolation or RelayEndCause.InstanceViolation => SessionCloseReason.ProtocolError,
        RelayEndCause.Stopped => SessionCloseReason.ProtocolError, // a limit of the relay; what ended it from outside is the session's own reason
        _ => throw new InvalidOperationException($"A relay ended by {cause}, which has no reason."),
    };

    [LoggerMessage(1500, LogLevel.Debug, "The connection from {Address} ended before login: {Why}")]
    private static partial void LogEnded(ILogger logger, EndPoint? address, string why);

    [LoggerMessage(1502, LogLevel.Warning, "The load balancer {Address} must send a PROXY header: {Why}")]
    private static partial void LogNoHeader(ILogger logger, EndPoint? address, string why);

    [LoggerMessage(1501, LogLevel.Information, "Session {Session} ended ({Cause}): {Why}")]
    private static partial void LogClosed(ILogger logger, Guid session, RelayEndCause cause, string why);
}
