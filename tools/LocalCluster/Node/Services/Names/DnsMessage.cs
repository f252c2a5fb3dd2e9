using System.Buffers.Binary;
using System.Text;

namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>Reads queries and writes answers of the domain name system (RFC 1035 section 4): one question, and records without compression but for its name.</summary>
internal static class DnsMessage
{
    public const int NoError = 0;
    public const int FormatError = 1;
    public const int ServerFailure = 2;
    public const int NameError = 3;
    public const int NotImplemented = 4;

    private const int HeaderLength = 12;
    private const int LongestName = 255;
    private const int PlainUdpRoom = 512;
    private const int MostUdpRoom = 4096;
    private const ushort Internet = 1;
    private const uint TimeToLive = 5;
    private const ushort ResponseFlag = 0x8000;
    private const ushort AuthoritativeFlag = 0x0400;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort RecursionDesiredFlag = 0x0100;
    private const ushort RecursionAvailableFlag = 0x0080;
    private const ushort OperationMask = 0x7800;

    /// <summary>The question of a message; null when it is none that can be answered.</summary>
    public static DnsQuestion? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength || (Number(message, 2) & ResponseFlag) != 0 || Number(message, 4) != 1)
        {
            return null;
        }

        var name = new StringBuilder();
        var at = HeaderLength;
        while (at < message.Length && message[at] != 0)
        {
            // A pointer cannot be in the first name of a message.
            var length = message[at];
            if (length > 63 || at + 1 + length >= message.Length || name.Length + length > LongestName)
            {
                return null;
            }

            name.Append(name.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(message.Slice(at + 1, length)));
            at += 1 + length;
        }

        at++;
        return at + 4 > message.Length
            ? null
            : new DnsQuestion(Number(message, 0), Number(message, 2), name.ToString().ToLowerInvariant(), Number(message, at), at + 4, Room(message, at + 4));
    }

    /// <summary>Whether a query is of the ordinary kind; others are answered with <see cref="NotImplemented"/>.</summary>
    public static bool IsStandard(DnsQuestion question) => (question.Flags & OperationMask) == 0;

    /// <summary>The answer to a query. Over UDP what does not fit is left out and the answer says so, so that the client asks again over TCP.</summary>
    public static byte[] Write(ReadOnlySpan<byte> query, DnsQuestion question, int code, IReadOnlyList<DnsRecord> records, bool overUdp)
    {
        var message = new List<byte>(256);
        message.AddRange(query[..question.QuestionEnd]);
        ushort written = 0;
        var truncated = false;
        foreach (var record in records)
        {
            var bytes = Encode(record, question);
            if (overUdp && message.Count + bytes.Count > question.Room)
            {
                truncated = true;
                break;
            }

            message.AddRange(bytes);
            written++;
        }

        var answer = message.ToArray();
        var flags = ResponseFlag | AuthoritativeFlag | RecursionAvailableFlag | (question.Flags & RecursionDesiredFlag) | (question.Flags & OperationMask) | (truncated ? TruncatedFlag : 0) | code;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), written);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), 0);
        return answer;
    }

    /// <summary>A name as labels with their lengths (RFC 1035 section 3.1).</summary>
    public static byte[] EncodeName(string name)
    {
        var bytes = new List<byte>();
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.Add(0);
        return [.. bytes];
    }

    private static List<byte> Encode(DnsRecord record, DnsQuestion question)
    {
        // Most records are about the name that was asked for: a pointer to it.
        List<byte> bytes = record.Name == question.Name ? [0xC0, HeaderLength] : [.. EncodeName(record.Name)];
        Span<byte> rest = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(rest, record.Type);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], Internet);
        BinaryPrimitives.WriteUInt32BigEndian(rest[4..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)record.Data.Length);
        bytes.AddRange(rest);
        bytes.AddRange(record.Data);
        return bytes;
    }

    /// <summary>The room that an OPT record after the question offers (RFC 6891 section 6.1.2).</summary>
    private static int Room(ReadOnlySpan<byte> message, int at) =>
        Number(message, 10) == 1 && Number(message, 6) == 0 && Number(message, 8) == 0 && at + 11 <= message.Length && message[at] == 0 && Number(message, at + 1) == DnsTypes.Options
            ? Math.Clamp((int)Number(message, at + 3), PlainUdpRoom, MostUdpRoom)
            : PlainUdpRoom;

    private static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
