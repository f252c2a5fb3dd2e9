using Workspaces.Proxy.Connecting;
using Workspaces.Ssh.Transport;

namespace Workspaces.Proxy.Authenticating;

/// <summary>A login whose signature has been verified.</summary>
/// <param name="LoginName">As the client sent it.</param>
/// <param name="Credential">The key that signed.</param>
/// <param name="ClientAddress">IP address and port of the client.</param>
/// <param name="Client">Leg 1.</param>
/// <param name="Audience">The person.</param>
internal sealed record LoginRequest(string LoginName, Credential Credential, string ClientAddress, SshConnection Client, IArrivalAudience Audience);
