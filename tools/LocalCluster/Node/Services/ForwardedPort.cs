using System.Net;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>An address at which connections or packets are taken in, and where they go.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Address">Where they come in.</param>
/// <param name="OnMachine">The address is one of this machine; otherwise it is one of the router's, which only pods reach.</param>
/// <param name="Owner">What it is for, for messages: the Service or pod.</param>
internal sealed record ForwardedPort(string Protocol, IPEndPoint Address, bool OnMachine, string Owner);
