namespace Workspaces.Proxy;

/// <summary>A setting is missing or wrong, so that the Proxy cannot start; the message names it and says what to do.</summary>
public sealed class ProxyConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
