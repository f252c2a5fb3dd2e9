namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>The spool cannot be used; the message says what to do.</summary>
public sealed class SpoolException(string message, Exception? inner = null) : Exception(message, inner);
