using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Certificates;
using Workspaces.Proxy.Routing;
using Workspaces.Ssh;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;

namespace Workspaces.Proxy.Connecting;

/// <summary>
/// Sets up leg 2 by TCP to the pod:
/// 1. connect;
/// 2. key exchange, accepting the instance's own host key and no other;
/// 3. log in with the session's certificate.
/// All within one deadline.
/// </summary>
public sealed partial class InstanceConnector(
    SessionCertificates certificates, ProxyOptions options, TimeProvider time, ILogger<InstanceConnector> logger, ILoggerFactory loggers) : IDisposable
{
    private readonly SocketConnectionContextFactory _transports = new(new SocketConnectionFactoryOptions(), loggers.CreateLogger("Workspaces.Proxy.Sockets"));

    /// <summary>Connects to an instance.</summary>
    /// <param name="target">Where to, and as whom.</param>
    /// <param name="client">Leg 1: the sshd's peer is in truth this client.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="InstanceConnectionException">It did not work out; the message is for the person.</exception>
    public async Task<InstanceConnection> ConnectAsync(
        InstanceLogin target, SshConnection client, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Instances.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        ConnectionContext? transport = null;
        SshConnection? ssh = null;
        var hostKeyRefused = false;
        try
        {
            transport = await OpenAsync(target.Route, either.Token);

            var expected = SshPublicKey.ParseLine(target.Route.Announcement.HostKey);
            ssh = await SshConnection.ConnectAsync(
                transport.Transport,
                new SshClientOptions
                {
                    Identification = IdentificationFor(client),
                    HostKeyAlgorithms = expected.SignatureAlgorithms,
                    IsExpectedHostKey = key =>
                    {
                        hostKeyRefused = !key.Equals(expected);
                        return !hostKeyRefused;
                    },
                    RekeyLimits = new RekeyLimits { Bytes = options.Ssh.RekeyBytes },
                    TimeProvider = time,
                },
                either.Token);

            var credential = certificates.Issue(target.Route.WorkspaceId, target.User, target.SessionId, target.Grant);
            await ClientAuthentication.AuthenticateAsync(ssh, target.PosixUser, credential.Key, credential.Certificate, onBanner: null, either.Token);
            var connection = new InstanceConnection(transport, ssh);
            (transport, ssh) = (null, null);
            return connection;
        }
        catch (SshException e) when (hostKeyRefused)
        {
            LogWrongHostKey(logger, target.Route.Id, target.Route.Pod, target.Route.WorkspaceId);
            throw new InstanceConnectionException(
                InstanceConnectionFailure.WrongHostKey,
                $"Instance {SafeText.OneLine(target.Route.Pod)} did not prove to be what it was announced as, so you were not connected. Tell an operator.",
                e);
        }
        catch (SshAuthenticationException e)
        {
            LogRefused(logger, target.Route.Pod, target.PosixUser, e);
            throw new InstanceConnectionException(
                InstanceConnectionFailure.Refused, $"Instance {SafeText.OneLine(target.Route.Pod)} did not let you in. Tell an operator.", e);
        }
        catch (Exception e) when (IsUnreachable(e) && !cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(logger, target.Route.Pod, e);
            throw new InstanceConnectionException(
                InstanceConnectionFailure.Unreachable, $"Instance {SafeText.OneLine(target.Route.Pod)} cannot be reached. Try again in a moment.", e);
        }
        finally
        {
            if (ssh is not null)
            {
                await ssh.DisposeAsync();
            }

            if (transport is not null)
            {
                await transport.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transports.Dispose();

    /// <summary>sshd switches features on what its peer calls itself, so leg 2 calls itself OpenSSH exactly where the client does.</summary>
    private SshIdentification IdentificationFor(SshConnection client) =>
        SshIdentification.Create(client.PeerIdentification.IsOpenSsh ? options.Ssh.SoftwareVersion : "Workspaces", "Workspaces");

    private async Task<ConnectionContext> OpenAsync(InstanceRoute route, CancellationToken cancellationToken)
    {
        var address = IPAddress.Parse(route.Announcement.Pod.Ip);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            SocketKeepAlive.Enable(socket);
            await socket.ConnectAsync(address, route.Announcement.SshPort, cancellationToken);
            return _transports.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsUnreachable(Exception e) => e is SocketException or IOException or SshException or FormatException or OperationCanceledException;

    [LoggerMessage(1210, LogLevel.Error,
        "Instance {Instance} (pod {Pod}) of workspace {Workspace} has another host key than announced. No session is led to it any more.")]
    private static partial void LogWrongHostKey(ILogger logger, Guid instance, string pod, string workspace);

    [LoggerMessage(1211, LogLevel.Error, "The SSH server in pod {Pod} refused the Proxy's certificate for user {User}. Does it trust this Proxy's authority?")]
    private static partial void LogRefused(ILogger logger, string pod, string user, Exception exception);

    [LoggerMessage(1212, LogLevel.Warning, "The instance in pod {Pod} cannot be reached.")]
    private static partial void LogUnreachable(ILogger logger, string pod, Exception exception);
}

/// <summary>Where leg 2 goes, and as whom.</summary>
/// <param name="Route">The instance.</param>
/// <param name="User">Whose key logged in.</param>
/// <param name="PosixUser">User to log in as inside.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Grant">What the session may do.</param>
public sealed record InstanceLogin(InstanceRoute Route, string User, string PosixUser, Guid SessionId, SessionGrant Grant);
