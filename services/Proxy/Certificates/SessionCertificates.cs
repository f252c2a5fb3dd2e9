using Workspaces.Proxy.Authenticating;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Certificates;

/// <summary>
/// Signs what opens an instance: for each session a fresh key and a certificate of minutes, good for one workspace and nothing
/// else (its principal is <c>ws-&lt;workspace id&gt;</c>, and an instance takes only its own).
/// </summary>
public sealed class SessionCertificates(ProxyKeys keys, ProxyOptions options, TimeProvider time)
{
    /// <summary>Makes key and certificate for one session.</summary>
    public SessionCredential Issue(string workspaceId, string user, Guid sessionId, SessionGrant grant)
    {
        var now = time.GetUtcNow();
        var key = SshPrivateKey.GenerateEd25519();
        var certificate = new SshCertificateBuilder
        {
            Key = key.PublicKey,
            KeyId = $"{user} session {sessionId}",
            Principals = [$"ws-{workspaceId}"],
            ValidAfter = now - options.Instances.ClockSkew,
            ValidBefore = now + options.Instances.CertificateLifetime,
            CriticalOptions = grant.ForceCommand is { } command
                ? new Dictionary<string, string> { [CertificateNames.ForceCommand] = command }
                : new Dictionary<string, string>(),
            Extensions = grant.Permissions.ToDictionary(name => name, _ => ""),
        }.Sign(keys.UserAuthority);
        return new SessionCredential(key, certificate);
    }
}

/// <summary>What a session shows to its instance.</summary>
public sealed record SessionCredential(SshPrivateKey Key, SshCertificate Certificate);
