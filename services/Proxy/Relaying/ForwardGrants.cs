using System.Globalization;

namespace Workspaces.Proxy.Relaying;

/// <summary>
/// What the instance may open towards the client: only what the client asked for, in a request that passed and succeeded. A hostile
/// instance must not reach a person's agent or display unasked.
/// </summary>
internal sealed class ForwardGrants
{
    private readonly HashSet<string> _listeners = new(StringComparer.Ordinal);

    /// <summary>auth-agent-req@openssh.com succeeded on some channel.</summary>
    public bool Agent { get; set; }

    /// <summary>x11-req succeeded on some channel (RFC 4254 section 6.3.1).</summary>
    public bool X11 { get; set; }

    /// <summary>Listeners of both kinds at a time.</summary>
    public int Listeners => _listeners.Count;

    public static string Port(uint port) => port.ToString(CultureInfo.InvariantCulture);

    public static string Path(string path) => "path:" + path;

    public void Add(string listener) => _listeners.Add(listener);

    public void Remove(string listener) => _listeners.Remove(listener);

    public bool Has(string listener) => _listeners.Contains(listener);
}
