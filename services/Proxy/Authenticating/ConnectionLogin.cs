using System.Net;
using Workspaces.Contracts;
using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.Directory;
using Workspaces.Proxy.Sessions;
using Workspaces.Ssh.Authentication;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// The login of one connection, as the SSH library asks about it. What it tells before a signature is verified depends on nothing
/// but whether the key is known, never on the login name. Owns what an established login holds until <see cref="Take"/>.
/// </summary>
internal sealed class ConnectionLogin(
    LoginDecider decider, KeyRing keys, AuthenticationFailures failures, EndPoint? address, Action onSigned) : IServerAuthenticator, IAsyncDisposable
{
    private EstablishedLogin? _established;
    private string _lastLogin = "";
    private bool _asked;
    private bool _offeredKnownKey;
    private bool _offeredKey;
    private bool _reported;

    /// <inheritdoc/>
    public void OnRequest(string userName, string method)
    {
        _lastLogin = userName;
        _asked |= method != "none"; // asking which methods there are is no attempt
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsKnownKeyAsync(PresentedKey key, CancellationToken cancellationToken)
    {
        // Users' certificates are for authorities to vouch for, of which none is configured.
        var known = key.Certificate is null && keys.UserOf(key.Key.Fingerprint) is not null;
        _offeredKey = true;
        _offeredKnownKey |= known;
        return ValueTask.FromResult(known);
    }

    /// <inheritdoc/>
    public async ValueTask<AuthenticationDecision> DecideAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (!await IsKnownKeyAsync(attempt.Key, cancellationToken))
        {
            return AuthenticationDecision.Deny;
        }

        onSigned();
        var request = new LoginRequest(
            attempt.UserName, attempt.Key.Key.Fingerprint, address?.ToString() ?? "unknown", attempt.Connection, new Audience(attempt));
        switch (await decider.DecideAsync(request, cancellationToken))
        {
            case LoginOutcome.Established established:
                _established = established.Login;
                return AuthenticationDecision.Accept;

            case LoginOutcome.Refused refused:
                Report(attempt.UserName, refused.Failure);
                return AuthenticationDecision.Disconnect(refused.Sentence);

            default:
                Report(attempt.UserName, AuthenticationFailureReason.UnknownKey);
                return AuthenticationDecision.Deny;
        }
    }

    /// <summary>Hands over what the login established.</summary>
    public EstablishedLogin Take()
    {
        var login = _established ?? throw new InvalidOperationException("The login has not succeeded.");
        _established = null;
        return login;
    }

    /// <summary>Records that the client did not get in, unless that has been done.</summary>
    public void Failed()
    {
        if (!_reported && _established is null)
        {
            Report(_lastLogin, WhyFailed());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_established is { } login)
        {
            await login.Instance.DisposeAsync();
            login.Lease.Dispose();
        }
    }

    private AuthenticationFailureReason WhyFailed() => this switch
    {
        { _offeredKnownKey: true } => AuthenticationFailureReason.Abandoned,
        { _offeredKey: true } => AuthenticationFailureReason.UnknownKey,
        { _asked: true } => AuthenticationFailureReason.MethodNotOffered,
        _ => AuthenticationFailureReason.Abandoned,
    };

    private void Report(string login, AuthenticationFailureReason? reason)
    {
        _reported = true;
        if (reason is { } failure)
        {
            failures.Add((address as IPEndPoint)?.Address, login, failure);
        }
    }

    private sealed class Audience(LoginAttempt attempt) : IArrivalAudience
    {
        public ValueTask TellAsync(string line, CancellationToken cancellationToken) => attempt.SendBannerAsync(line, cancellationToken);

        public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => attempt.SendKeepAliveAsync(cancellationToken);
    }
}
