using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Servers;

/// <summary>A port that a server needs belongs to another process; the message names it.</summary>
public sealed class PortInUseException(string server, int port)
    : SuiteException($"{server} needs port {port} of 127.0.0.1, but {Ports.Owner(port)} listens on it. End that process, or choose other ports with --ports auto.");
