using Workspaces.Ssh.Wire;

namespace Workspaces.Proxy.Relaying;

/// <summary>The few messages that the relay makes itself (RFC 4254). It never makes channel data.</summary>
internal static class RelayMessages
{
    /// <summary>A name that no sshd knows: it answers with FAILURE, in its place among the other replies.</summary>
    public const string RefusedRequest = "refused@workspaces.dev";

    // RFC 4254 section 5.1, reason codes.
    private const uint AdministrativelyProhibited = 1;
    private const uint ResourceShortage = 4;

    /// <summary>RFC 4254 section 4.</summary>
    public static ReadOnlyMemory<byte> GlobalFailure { get; } = new[] { MessageNumber.RequestFailure };

    public static ReadOnlyMemory<byte> OpenProhibited(uint recipient) => OpenFailure(recipient, AdministrativelyProhibited, "not permitted in this session");

    public static ReadOnlyMemory<byte> OpenShortage(uint recipient) => OpenFailure(recipient, ResourceShortage, "too many channels");

    public static ReadOnlyMemory<byte> ChannelFailure(uint recipient) => ToChannel(MessageNumber.ChannelFailure, recipient).WrittenMemory;

    /// <summary>A refused channel request that wants a reply, without what it asked for.</summary>
    public static ReadOnlyMemory<byte> RefusedChannelRequest(uint recipient)
    {
        var message = ToChannel(MessageNumber.ChannelRequest, recipient);
        message.WriteString(RefusedRequest);
        message.WriteBoolean(true);
        return message.WrittenMemory;
    }

    /// <summary>A refused global request that wants a reply, without what it asked for.</summary>
    public static ReadOnlyMemory<byte> RefusedGlobalRequest()
    {
        var message = SshWriter.Message(MessageNumber.GlobalRequest);
        message.WriteString(RefusedRequest);
        message.WriteBoolean(true);
        return message.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> OpenFailure(uint recipient, uint reason, string text)
    {
        var message = ToChannel(MessageNumber.ChannelOpenFailure, recipient);
        message.WriteUInt32(reason);
        message.WriteString(text);
        message.WriteString(""); // language tag
        return message.WrittenMemory;
    }

    private static SshWriter ToChannel(byte number, uint recipient)
    {
        var message = SshWriter.Message(number);
        message.WriteUInt32(recipient);
        return message;
    }
}
