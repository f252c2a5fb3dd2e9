namespace Workspaces.Ssh.Authentication;

/// <summary>Limits of the server's side of authentication.</summary>
public sealed class ServerAuthenticationOptions
{
    /// <summary>Failed attempts before the connection ends (RFC 4252 section 4 recommends 20; OpenSSH's MaxAuthTries is 6).</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>Unsigned queries for keys that do not count as attempts: people's agents hold many keys.</summary>
    public int MaxKeyQueries { get; init; } = 20;

    /// <summary>Time for logging in, without the time that <see cref="IServerAuthenticator.DecideAsync"/> takes (RFC 4252 section 4).</summary>
    public TimeSpan LoginGraceTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What a client may send while a decision is pending; more ends the connection.</summary>
    public int MaxEarlyBytes { get; init; } = 64 * 1024;

    /// <summary>Text shown before authentication, or null.</summary>
    public string? Banner { get; init; }

    /// <summary>Whether signatures of hardware keys must attest a touch. An authenticator may demand more by <see cref="LoginAttempt.SecurityKeyFlags"/>.</summary>
    public bool RequireTouch { get; init; } = true;
}
