namespace Workspaces.Proxy.Relaying;

/// <summary>The relay has a reason of its own to end the session; the message is what the person reads.</summary>
internal sealed class RelayStoppedException(string message) : Exception(message);
