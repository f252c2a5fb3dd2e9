using System.Net;
using Workspaces.Contracts;
using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.Listening;
using Workspaces.Proxy.Sessions;
using Workspaces.Ssh.Authentication;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// The login of one connection, as the SSH library asks about it. What it tells before a signature is verified depends on nothing
/// but whether the key is known, never on the login name. Owns what an established login holds until <see cref="Take"/>.
/// </summary>
internal sealed class ConnectionLogin(
    LoginDecider decider, Credentials credentials, AuthenticationFailures failures, AddressThrottle throttle, EndPoint? address, Action onSigned) : IServerAuthenticator, IAsyncDisposable
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
        var known = credentials.IsKnown(key, Address);
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
            attempt.UserName, Credential.Of(attempt, Address), address?.ToString() ?? "unknown", attempt.Connection, new Audience(attempt));
        return DecisionOf(attempt, await decider.DecideAsync(request, cancellationToken));
    }

    private AuthenticationDecision DecisionOf(LoginAttempt attempt, LoginOutcome outcome)
    {
        switch (outcome)
        {
            case LoginOutcome.Established established:
                _established = established.Login;
                if (Address is { } succeeded)
                {
                    throttle.Succeeded(succeeded);
                }

                return AuthenticationDecision.Accept;

            case LoginOutcome.Question question:
                return AuthenticationDecision.Ask(new AuthenticationQuestion(
                    question.Instruction, question.Prompt, async (answer, token) => DecisionOf(attempt, await question.Answer(answer, token))));

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

    private IPAddress? Address => (address as IPEndPoint)?.Address;

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
        if (reason is not { } failure)
        {
            return;
        }

        failures.Add(Address, login, failure);
        if (CountsAgainstTheAddress(failure) && Address is { } from)
        {
            throttle.Failed(from);
        }
    }

    /// <summary>Who holds a known key is no stranger who tries keys.</summary>
    private static bool CountsAgainstTheAddress(AuthenticationFailureReason reason) =>
        reason is AuthenticationFailureReason.UnknownKey or AuthenticationFailureReason.BadSignature or AuthenticationFailureReason.MethodNotOffered;

    private sealed class Audience(LoginAttempt attempt) : IArrivalAudience
    {
        public ValueTask TellAsync(string line, CancellationToken cancellationToken) => attempt.SendBannerAsync(line, cancellationToken);

        public ValueTask KeepAliveAsync(CancellationToken cancellationToken) => attempt.SendKeepAliveAsync(cancellationToken);
    }
}
