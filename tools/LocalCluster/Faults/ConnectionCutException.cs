namespace Workspaces.LocalCluster.Faults;

/// <summary>The connection of the request was cut, as a fault asked for.</summary>
internal sealed class ConnectionCutException() : Exception("The connection is cut, as a fault asked for.");
