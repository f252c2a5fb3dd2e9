namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Configuration section <c>Proxy</c>: where people reach the Proxy, as the API tells them.</summary>
public sealed class ProxyOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Proxy";

    /// <summary>Host name or address.</summary>
    public string PublicHost { get; set; } = "127.0.0.1";

    /// <summary>TCP port.</summary>
    public int PublicPort { get; set; } = 2222;
}
