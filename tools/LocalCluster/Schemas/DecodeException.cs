namespace Workspaces.LocalCluster.Schemas;

/// <summary>A value has a type that its field cannot hold. The message is the API server's.</summary>
public sealed class DecodeException(string message) : Exception(message);
