using Workspaces.Contracts;
using Workspaces.Ssh.Wire;

namespace Workspaces.Proxy.Relaying;

/// <summary>What a client's opens and requests are, whether policy allows them, and what their success means. Pure: the state is elsewhere.</summary>
internal sealed class ClientRequests(RelayPolicy policy)
{
    /// <summary>Global requests (RFC 4254 section 4 and 7.1, OpenSSH PROTOCOL section 2).</summary>
    public (bool Allowed, PendingRequest Pending) Global(ReadOnlySpan<byte> type, ref SshReader rest)
    {
        if (type.SequenceEqual("tcpip-forward"u8))
        {
            var (address, port) = ReadEndpoint(ref rest);
            var seen = (ChannelKind.RemoteForward, $"{address}:{port}");
            return (policy.RemoteForward, port == 0
                ? new PendingRequest(PendingKind.AddListenerOnGivenPort, null, seen)
                : new PendingRequest(PendingKind.AddListener, ForwardGrants.Port(port), seen));
        }

        if (type.SequenceEqual("cancel-tcpip-forward"u8))
        {
            return (true, new PendingRequest(PendingKind.RemoveListener, ForwardGrants.Port(ReadEndpoint(ref rest).Port)));
        }

        if (type.SequenceEqual("streamlocal-forward@openssh.com"u8))
        {
            var path = RelayInspector.Text(rest.ReadString());
            return (policy.RemoteForward, new PendingRequest(PendingKind.AddListener, ForwardGrants.Path(path), (ChannelKind.RemoteForward, path)));
        }

        if (type.SequenceEqual("cancel-streamlocal-forward@openssh.com"u8))
        {
            return (true, new PendingRequest(PendingKind.RemoveListener, ForwardGrants.Path(RelayInspector.Text(rest.ReadString()))));
        }

        var harmless = type.SequenceEqual("keepalive@openssh.com"u8) || type.SequenceEqual("no-more-sessions@openssh.com"u8);
        return (harmless || policy.AllowsUnknown, new PendingRequest(PendingKind.Relayed));
    }

    /// <summary>Channel opens (RFC 4254 section 6.1 and 7.2, OpenSSH PROTOCOL section 2.4).</summary>
    public (bool Allowed, (ChannelKind Kind, string? Detail)? Observed) Open(ReadOnlySpan<byte> type, ref SshReader rest)
    {
        if (type.SequenceEqual("session"u8))
        {
            return (true, null);
        }

        if (type.SequenceEqual("direct-tcpip"u8))
        {
            var (address, port) = ReadEndpoint(ref rest);
            return (policy.LocalForward, (ChannelKind.LocalForward, $"{address}:{port}"));
        }

        return type.SequenceEqual("direct-streamlocal@openssh.com"u8)
            ? (policy.LocalForward, (ChannelKind.LocalForward, RelayInspector.Text(rest.ReadString())))
            : (policy.AllowsUnknown, null);
    }

    /// <summary>Channel requests (RFC 4254 section 6).</summary>
    public (bool Allowed, PendingRequest Pending) Channel(ReadOnlySpan<byte> type, ref SshReader rest)
    {
        if (type.SequenceEqual("shell"u8))
        {
            return (policy.Shell, Seen(ChannelKind.Shell, null));
        }

        if (type.SequenceEqual("exec"u8))
        {
            return (policy.Exec, Seen(ChannelKind.Exec, RelayInspector.Text(rest.ReadString())));
        }

        if (type.SequenceEqual("subsystem"u8))
        {
            var name = rest.ReadString();
            return name.SequenceEqual("sftp"u8)
                ? (policy.Sftp, Seen(ChannelKind.Sftp, null))
                : (policy.Exec, Seen(ChannelKind.Subsystem, RelayInspector.Text(name)));
        }

        if (type.SequenceEqual("auth-agent-req@openssh.com"u8))
        {
            return (policy.AgentForward, new PendingRequest(PendingKind.Agent, null, (ChannelKind.AgentForward, null)));
        }

        return type.SequenceEqual("x11-req"u8)
            ? (policy.X11, new PendingRequest(PendingKind.X11, null, (ChannelKind.X11, null)))
            : (IsHarmless(type) || policy.AllowsUnknown, new PendingRequest(PendingKind.Relayed));
    }

    /// <summary>Whether a request starts a program.</summary>
    public static bool RunsSomething(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("shell"u8) || type.SequenceEqual("exec"u8) || type.SequenceEqual("subsystem"u8);

    private static bool IsHarmless(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("pty-req"u8) || type.SequenceEqual("env"u8) || type.SequenceEqual("window-change"u8)
        || type.SequenceEqual("signal"u8) || type.SequenceEqual("break"u8) || type.SequenceEqual("xon-xoff"u8)
        || type.SequenceEqual("eow@openssh.com"u8) || type.SequenceEqual("keepalive@openssh.com"u8);

    private static PendingRequest Seen(ChannelKind kind, string? detail) => new(PendingKind.Relayed, null, (kind, detail));

    private static (string Address, uint Port) ReadEndpoint(ref SshReader reader) => (RelayInspector.Text(reader.ReadString()), reader.ReadUInt32());
}
