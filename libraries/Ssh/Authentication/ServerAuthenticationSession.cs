using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>One client's attempts to log in: the state between SERVICE_REQUEST and SUCCESS (RFC 4252).</summary>
internal sealed class ServerAuthenticationSession : IDisposable
{
    /// <summary>Longer login names are refused before anything looks at them.</summary>
    private const int MaxUserNameLength = 1024;

    private readonly SshConnection _connection;
    private readonly IServerAuthenticator _authenticator;
    private readonly ServerAuthenticationOptions _options;
    private readonly IReadOnlyList<string> _algorithms;
    private readonly GraceTime _grace;
    private int _failures;
    private int _queries;
    private bool _asked;

    // After partial success: what is asked, and whether the client has been asked and owes the answer.
    private (LoginAttempt Attempt, AuthenticationQuestion Question)? _open;
    private bool _answerIsDue;

    public ServerAuthenticationSession(SshConnection connection, IServerAuthenticator authenticator, ServerAuthenticationOptions options)
    {
        _connection = connection;
        _authenticator = authenticator;
        _options = options;
        _algorithms = connection.UserSignatureAlgorithms;
        _grace = new GraceTime(options.LoginGraceTime, connection.TimeProvider);
    }

    public async ValueTask<AuthenticatedUser> RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _grace.Token);
        try
        {
            await AcceptServiceAsync(either.Token).ConfigureAwait(false);
            while (true)
            {
                var packet = await _connection.ReadPacketAsync(either.Token).ConfigureAwait(false);
                var user = packet.MessageNumber switch
                {
                    MessageNumber.UserAuthRequest => await HandleRequestAsync(packet.Payload.ToArray(), either.Token).ConfigureAwait(false),
                    MessageNumber.UserAuthInfoResponse when _answerIsDue => await HandleAnswerAsync(packet.Payload.ToArray(), either.Token).ConfigureAwait(false),
                    _ => throw new SshProtocolException(DisconnectReason.ProtocolError, $"Message {packet.MessageNumber} came before login."),
                };
                if (user is not null)
                {
                    return user;
                }
            }
        }
        catch (OperationCanceledException) when (_grace.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw await RefuseAsync(DisconnectReason.NoMoreAuthenticationMethodsAvailable, "Login took too long.").ConfigureAwait(false);
        }
        catch (SshFormatException e)
        {
            await _connection.DisconnectAsync(DisconnectReason.ProtocolError, e.Message).ConfigureAwait(false);
            throw new SshProtocolException(DisconnectReason.ProtocolError, e.Message, e);
        }
        catch (SshProtocolException e)
        {
            await _connection.DisconnectAsync(e.Reason, e.Message).ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (e is not SshException and not OperationCanceledException)
        {
            // The authenticator failed. What failed is for the log, not for the client.
            await _connection.DisconnectAsync(DisconnectReason.ByApplication, "Internal error.").ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose() => _grace.Dispose();

    /// <summary>RFC 4253 section 10.</summary>
    private async ValueTask AcceptServiceAsync(CancellationToken cancellationToken)
    {
        var packet = await _connection.ReadPacketAsync(cancellationToken).ConfigureAwait(false);
        var service = packet.MessageNumber == MessageNumber.ServiceRequest
            ? ReadService(packet)
            : throw new SshProtocolException(DisconnectReason.ProtocolError, $"Message {packet.MessageNumber} came before login.");
        if (service != AuthenticationNames.UserAuthService)
        {
            throw new SshProtocolException(DisconnectReason.ServiceNotAvailable, "The only service before login is ssh-userauth.");
        }

        var accept = SshWriter.Message(MessageNumber.ServiceAccept);
        accept.WriteString(service);
        await _connection.WritePacketAsync(accept.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private static string ReadService(SshPacket packet)
    {
        var reader = new SshReader(packet.Payload.Span[1..]);
        var service = reader.ReadName();
        reader.ExpectEnd();
        return service;
    }

    /// <summary>Answers one request (RFC 4252 section 5); the user where it was the one that succeeded.</summary>
    private async ValueTask<AuthenticatedUser?> HandleRequestAsync(byte[] payload, CancellationToken cancellationToken)
    {
        var (userName, method, publicKey) = ReadRequest(payload);
        _authenticator.OnRequest(userName, method);
        var firstRequest = !_asked;
        _asked = true;
        if (firstRequest && _options.Banner is { } banner)
        {
            await _connection.WritePacketAsync(Banner.Message(banner), cancellationToken).ConfigureAwait(false);
        }

        // A new request ends a dialogue (RFC 4256 section 3.1); another user name throws away what was reached (RFC 4252 section 5).
        _answerIsDue = false;
        if (_open is { } open && open.Attempt.UserName != userName)
        {
            _open = null;
        }

        if (_open is { } asked)
        {
            if (method == AuthenticationNames.KeyboardInteractive)
            {
                await AskAsync(asked.Attempt, asked.Question, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await FailAsync(counts: true, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }

        if (publicKey is null)
        {
            // Asking with "none" which methods there are is how clients begin; it is a failure only when repeated.
            await FailAsync(counts: !(firstRequest && method == AuthenticationNames.None), cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (publicKey.HostKey is { } hostKey && !hostKey.AsSpan().SequenceEqual(_connection.PresentedHostKey.Span))
        {
            throw new SshProtocolException(DisconnectReason.ProtocolError, "The request is bound to another host key.");
        }

        if (publicKey.Signature is null)
        {
            await AnswerQueryAsync(publicKey, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (VerifySignature(publicKey, userName) is not { } attempt)
        {
            await FailAsync(counts: true, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return await DecideAsync(attempt, token => _authenticator.DecideAsync(attempt, token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the question; the answer comes through the main loop.</summary>
    private async ValueTask AskAsync(LoginAttempt attempt, AuthenticationQuestion question, CancellationToken cancellationToken)
    {
        _open = (attempt, question);
        _answerIsDue = true;
        await _connection.WritePacketAsync(InteractiveMessages.Request(question), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AuthenticatedUser?> HandleAnswerAsync(byte[] payload, CancellationToken cancellationToken)
    {
        var (attempt, question) = _open!.Value;
        var answer = InteractiveMessages.ReadAnswer(payload);
        _answerIsDue = false;
        return await DecideAsync(attempt, token => question.Answer(answer, token), cancellationToken).ConfigureAwait(false);
    }

    private static (string UserName, string Method, PublicKeyRequest? PublicKey) ReadRequest(byte[] payload)
    {
        var reader = new SshReader(payload);
        reader.ReadByte();
        var userName = reader.ReadText();
        var service = reader.ReadName();
        var method = reader.ReadName();
        if (userName.Length > MaxUserNameLength)
        {
            throw new SshProtocolException(DisconnectReason.IllegalUserName, $"A login name may have {MaxUserNameLength} characters.");
        }

        if (service != AuthenticationNames.ConnectionService)
        {
            throw new SshProtocolException(DisconnectReason.ServiceNotAvailable, "The only service after login is ssh-connection.");
        }

        return method is AuthenticationNames.PublicKey or AuthenticationNames.PublicKeyHostBound
            ? (userName, method, PublicKeyRequest.Parse(payload, ref reader, method == AuthenticationNames.PublicKeyHostBound))
            : (userName, method, null);
    }

    /// <summary>Whether a signature by this key would be looked at (RFC 4252 section 7). The login name plays no part.</summary>
    private async ValueTask AnswerQueryAsync(PublicKeyRequest request, CancellationToken cancellationToken)
    {
        _queries++;
        if (request.TryReadKey(_algorithms) is { } key && await _authenticator.IsKnownKeyAsync(key, cancellationToken).ConfigureAwait(false))
        {
            var ok = SshWriter.Message(MessageNumber.UserAuthPublicKeyOk);
            ok.WriteString(request.AlgorithmName);
            ok.WriteString(request.Blob);
            await _connection.WritePacketAsync(ok.WrittenMemory, cancellationToken).ConfigureAwait(false);
            return;
        }

        await FailAsync(counts: _queries > _options.MaxKeyQueries, cancellationToken).ConfigureAwait(false);
    }

    private LoginAttempt? VerifySignature(PublicKeyRequest request, string userName)
    {
        if (request.TryReadKey(_algorithms) is not { } key)
        {
            return null;
        }

        var signed = new SshWriter();
        signed.WriteString(_connection.SessionId.Span);
        signed.WriteRaw(request.Signed);
        if (!key.Key.Verify(key.SignatureAlgorithm, request.Signature, signed.WrittenSpan, out var flags))
        {
            return null;
        }

        var isSecurityKey = key.Key is SkEd25519PublicKey or SkEcdsaPublicKey;
        var touchIsWaived = key.Certificate?.Extensions.ContainsKey(CertificateNames.NoTouchRequired) is true; // by the authority, which the authenticator checks
        return isSecurityKey && _options.RequireTouch && !touchIsWaived && !flags.HasFlag(SecurityKeyFlags.UserPresent)
            ? null
            : new LoginAttempt(_connection, userName, key, flags);
    }

    /// <summary>Asks the authenticator and tells the client. The time this takes is not the client's.</summary>
    private async ValueTask<AuthenticatedUser?> DecideAsync(
        LoginAttempt attempt, Func<CancellationToken, ValueTask<AuthenticationDecision>> decide, CancellationToken cancellationToken)
    {
        AuthenticationDecision decision;
        _grace.Pause();
        var pending = new PendingDecision(_connection, _options.MaxEarlyBytes);
        try
        {
            decision = await pending.WaitAsync(decide, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _grace.Resume();
        }

        _connection.PutBack(pending.Early);
        switch (decision.Result)
        {
            case AuthenticationDecision.Outcome.Accept:
                await _connection.WritePacketAsync(new[] { MessageNumber.UserAuthSuccess }, cancellationToken).ConfigureAwait(false);
                _connection.MarkAuthenticated();
                return new AuthenticatedUser(attempt.UserName, attempt.Key);
            case AuthenticationDecision.Outcome.Ask when _open is null:
                _open = (attempt, decision.Question!);
                await SendFailureAsync(partialSuccess: true, cancellationToken).ConfigureAwait(false);
                return null;
            case AuthenticationDecision.Outcome.Ask:
                await CountFailureAsync().ConfigureAwait(false);
                await AskAsync(attempt, decision.Question!, cancellationToken).ConfigureAwait(false);
                return null;
            case AuthenticationDecision.Outcome.Deny:
                _open = null;
                await FailAsync(counts: true, cancellationToken).ConfigureAwait(false);
                return null;
            default:
                throw await RefuseAsync(DisconnectReason.ByApplication, decision.Message).ConfigureAwait(false);
        }
    }

    /// <summary>RFC 4252 section 5.1. Always the same answer, whatever was wrong.</summary>
    private async ValueTask FailAsync(bool counts, CancellationToken cancellationToken)
    {
        if (counts)
        {
            await CountFailureAsync().ConfigureAwait(false);
        }

        await SendFailureAsync(partialSuccess: false, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CountFailureAsync()
    {
        if (++_failures >= _options.MaxAttempts)
        {
            throw await RefuseAsync(DisconnectReason.NoMoreAuthenticationMethodsAvailable, "Too many authentication failures.").ConfigureAwait(false);
        }
    }

    private async ValueTask SendFailureAsync(bool partialSuccess, CancellationToken cancellationToken)
    {
        var failure = SshWriter.Message(MessageNumber.UserAuthFailure);
        failure.WriteString(_open is null ? AuthenticationNames.PublicKey : AuthenticationNames.KeyboardInteractive);
        failure.WriteBoolean(partialSuccess);
        await _connection.WritePacketAsync(failure.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SshAuthenticationException> RefuseAsync(DisconnectReason reason, string message)
    {
        await _connection.DisconnectAsync(reason, message).ConfigureAwait(false);
        return new SshAuthenticationException(message);
    }
}
