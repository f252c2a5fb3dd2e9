namespace Workspaces.LocalCluster.Hosting;

/// <summary>The cluster cannot start; the message says what is in the way and what to do about it.</summary>
public sealed class StartupException(string message) : Exception(message);
