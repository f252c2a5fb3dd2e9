namespace Workspaces.Ssh;

/// <summary>Logging in did not succeed: the server refused, or the client gave up or ran out of attempts or time.</summary>
public sealed class SshAuthenticationException(string message, Exception? inner = null) : SshException(message, inner);
