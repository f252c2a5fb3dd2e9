namespace Workspaces.Ssh.Authentication;

/// <summary>Decides who may log in. The protocol, the signatures and the limits are <see cref="ServerAuthentication"/>'s.</summary>
/// <remarks>One authenticator serves one connection; its methods are never called at the same time.</remarks>
public interface IServerAuthenticator
{
    /// <summary>
    /// Told of every authentication request before it is looked at, for records of logins that fail. Both texts are the client's: nothing
    /// is proved, and they may contain anything. What <see cref="IsKnownKeyAsync"/> answers must not follow from them.
    /// </summary>
    /// <param name="userName">The login name.</param>
    /// <param name="method">The method's name (RFC 4252 section 5).</param>
    void OnRequest(string userName, string method)
    {
    }

    /// <summary>
    /// Whether a signature by this key is worth making (the answer to an unsigned query, RFC 4252 section 7). Anybody can ask this about
    /// anybody's public key. There is no login name here on purpose: the answer must not tell which names exist.
    /// </summary>
    ValueTask<bool> IsKnownKeyAsync(PresentedKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Decides about a login by somebody who has proved to hold the key: the signature is verified for this connection, and a certificate's
    /// own signature too. The implementer must verify that the key (or the certificate's authority, principals, validity and critical
    /// options) belongs to the person, and that the person may go where <see cref="LoginAttempt.UserName"/> says.
    /// </summary>
    /// <remarks>
    /// May take minutes; SUCCESS is not sent before it returns <see cref="AuthenticationDecision.Accept"/>. Meanwhile the attempt can send
    /// banners and keep the connection alive.
    /// </remarks>
    /// <param name="attempt">The login.</param>
    /// <param name="cancellationToken">Cancelled when the client leaves.</param>
    ValueTask<AuthenticationDecision> DecideAsync(LoginAttempt attempt, CancellationToken cancellationToken);
}
