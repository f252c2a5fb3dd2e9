namespace Workspaces.Ssh.Wire;

/// <summary>Message numbers (RFC 4250 section 4.1 and OpenSSH's PROTOCOL file).</summary>
public static class MessageNumber
{
    // Transport layer, generic: RFC 4253 section 12.
    public const byte Disconnect = 1;
    public const byte Ignore = 2;
    public const byte Unimplemented = 3;
    public const byte Debug = 4;
    public const byte ServiceRequest = 5;
    public const byte ServiceAccept = 6;

    /// <summary>RFC 8308 section 2.3.</summary>
    public const byte ExtInfo = 7;

    // Key exchange: RFC 4253 section 12; 30 and 31 belong to the method (RFC 5656 section 7.1, RFC 4253 section 8).
    public const byte KexInit = 20;
    public const byte NewKeys = 21;
    public const byte KexMethodInit = 30;
    public const byte KexMethodReply = 31;

    /// <summary>The last number that belongs to the transport layer.</summary>
    public const byte LastTransport = 49;

    // Authentication: RFC 4252 section 6 and 7.
    public const byte UserAuthRequest = 50;
    public const byte UserAuthFailure = 51;
    public const byte UserAuthSuccess = 52;
    public const byte UserAuthBanner = 53;
    public const byte UserAuthPublicKeyOk = 60;

    // keyboard-interactive: RFC 4256 section 5. Numbers from 60 on belong to the method.
    public const byte UserAuthInfoRequest = 60;
    public const byte UserAuthInfoResponse = 61;

    /// <summary>The last number that belongs to authentication.</summary>
    public const byte LastAuthentication = 79;

    // Connection: RFC 4254 section 9.
    public const byte GlobalRequest = 80;
    public const byte RequestSuccess = 81;
    public const byte RequestFailure = 82;
    public const byte ChannelOpen = 90;
    public const byte ChannelOpenConfirmation = 91;
    public const byte ChannelOpenFailure = 92;
    public const byte ChannelWindowAdjust = 93;
    public const byte ChannelData = 94;
    public const byte ChannelExtendedData = 95;
    public const byte ChannelEof = 96;
    public const byte ChannelClose = 97;
    public const byte ChannelRequest = 98;
    public const byte ChannelSuccess = 99;
    public const byte ChannelFailure = 100;

    // ping@openssh.com: OpenSSH PROTOCOL section 1.9.
    public const byte Ping = 192;
    public const byte Pong = 193;

    /// <summary>Whether a message belongs to the connection protocol, which is all that a relay passes on.</summary>
    public static bool IsConnectionProtocol(byte number) =>
        number is (>= GlobalRequest and <= RequestFailure) or (>= ChannelOpen and <= ChannelFailure);
}
