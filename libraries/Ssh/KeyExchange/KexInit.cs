using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>SSH_MSG_KEXINIT (RFC 4253 section 7.1): what a side can do, best first.</summary>
internal sealed class KexInit
{
    /// <summary>RFC 8308 section 2.1.</summary>
    public const string ExtInfoClient = "ext-info-c";

    /// <summary>RFC 8308 section 2.1.</summary>
    public const string ExtInfoServer = "ext-info-s";

    /// <summary>OpenSSH PROTOCOL section 1.10.</summary>
    public const string StrictClient = "kex-strict-c-v00@openssh.com";

    /// <summary>OpenSSH PROTOCOL section 1.10.</summary>
    public const string StrictServer = "kex-strict-s-v00@openssh.com";

    private const int CookieLength = 16;

    private static readonly string[] None = ["none"];

    public required string[] KeyExchanges { get; init; }

    public required string[] HostKeys { get; init; }

    public required string[] CiphersToServer { get; init; }

    public required string[] CiphersToClient { get; init; }

    public required string[] MacsToServer { get; init; }

    public required string[] MacsToClient { get; init; }

    public string[] CompressionsToServer { get; init; } = None;

    public string[] CompressionsToClient { get; init; } = None;

    public bool FirstPacketFollows { get; init; }

    /// <summary>The message as it was sent or received, for the exchange hash.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    public static KexInit Parse(ReadOnlyMemory<byte> payload)
    {
        var copy = payload.ToArray();
        var reader = new SshReader(copy);
        reader.ReadByte();
        for (var i = 0; i < CookieLength; i++)
        {
            reader.ReadByte();
        }

        var keyExchanges = reader.ReadNameList();
        var hostKeys = reader.ReadNameList();
        var ciphersToServer = reader.ReadNameList();
        var ciphersToClient = reader.ReadNameList();
        var macsToServer = reader.ReadNameList();
        var macsToClient = reader.ReadNameList();
        var compressionsToServer = reader.ReadNameList();
        var compressionsToClient = reader.ReadNameList();
        reader.ReadNameList(); // languages, client to server
        reader.ReadNameList(); // languages, server to client
        var firstPacketFollows = reader.ReadBoolean();
        reader.ReadUInt32(); // reserved
        reader.ExpectEnd();
        return new KexInit
        {
            KeyExchanges = keyExchanges,
            HostKeys = hostKeys,
            CiphersToServer = ciphersToServer,
            CiphersToClient = ciphersToClient,
            MacsToServer = macsToServer,
            MacsToClient = macsToClient,
            CompressionsToServer = compressionsToServer,
            CompressionsToClient = compressionsToClient,
            FirstPacketFollows = firstPacketFollows,
            Payload = copy,
        };
    }

    /// <summary>Makes the message with a fresh cookie; the same ciphers and codes both ways.</summary>
    public static KexInit Create(IEnumerable<string> keyExchanges, IEnumerable<string> hostKeys, IEnumerable<string> ciphers, IEnumerable<string> macs)
    {
        string[] cipherNames = [.. ciphers];
        string[] macNames = [.. macs];
        var writer = SshWriter.Message(MessageNumber.KexInit);
        writer.WriteRaw(RandomNumberGenerator.GetBytes(CookieLength));
        writer.WriteNameList(keyExchanges);
        writer.WriteNameList(hostKeys);
        writer.WriteNameList(cipherNames);
        writer.WriteNameList(cipherNames);
        writer.WriteNameList(macNames);
        writer.WriteNameList(macNames);
        writer.WriteNameList(None);
        writer.WriteNameList(None);
        writer.WriteNameList([]);
        writer.WriteNameList([]);
        writer.WriteBoolean(false); // this side never guesses
        writer.WriteUInt32(0);
        return Parse(writer.WrittenMemory);
    }
}
