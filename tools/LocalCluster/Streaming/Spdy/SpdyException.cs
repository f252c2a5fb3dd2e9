namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>The other side does not keep to the protocol: the connection cannot go on.</summary>
internal sealed class SpdyException(string message) : IOException(message);
