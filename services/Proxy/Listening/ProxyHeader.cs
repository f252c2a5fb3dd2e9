using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Workspaces.Proxy.Listening;

/// <summary>
/// The header of the PROXY protocol (HAProxy, proxy-protocol.txt, versions 1 and 2), with which a load balancer says who the client is.
/// Pure: from the first bytes of a connection to the address, or to "more bytes needed".
/// </summary>
internal static class ProxyHeader
{
    /// <summary>Section 2.1: the longest line of version 1, with CR LF.</summary>
    private const int MaxLineLength = 107;

    /// <summary>Section 2.2: signature, version and command, family, length.</summary>
    private const int FixedLength = 16;

    /// <summary>More than any additional field (TLV) that load balancers add; longer ones are refused.</summary>
    private const int MaxLength = 4096;

    private const byte Version2 = 0x20;
    private const byte CommandLocal = 0x0;
    private const byte CommandProxy = 0x1;

    // Section 2.2: address family and transport.
    private const byte TcpOverIp4 = 0x11;
    private const byte TcpOverIp6 = 0x21;

    private static ReadOnlySpan<byte> Signature2 => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> Signature1 => "PROXY "u8;

    /// <summary>Reads the header at the beginning of what has arrived.</summary>
    /// <param name="received">The first bytes of the connection.</param>
    /// <param name="length">Length of the header, where it is complete.</param>
    /// <param name="client">The client; null where the header says that there is none to name (a health check of the load balancer itself).</param>
    /// <returns>Whether the header is complete.</returns>
    /// <exception cref="FormatException">These bytes are no such header.</exception>
    public static bool TryRead(ReadOnlySequence<byte> received, out int length, out IPEndPoint? client)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(received.Length, FixedLength)];
        received.Slice(0, start.Length).CopyTo(start);
        length = 0;
        client = null;
        if (IsBeginningOf(start, Signature2))
        {
            return start.Length == FixedLength && TryRead2(received, start, out length, out client);
        }

        return IsBeginningOf(start, Signature1)
            ? start.Length >= Signature1.Length && TryRead1(received, out length, out client)
            : throw new FormatException("A connection from a load balancer does not begin with a PROXY header.");
    }

    private static bool IsBeginningOf(ReadOnlySpan<byte> start, ReadOnlySpan<byte> signature)
    {
        var common = Math.Min(start.Length, signature.Length);
        return start[..common].SequenceEqual(signature[..common]);
    }

    /// <summary>Section 2.1: <c>PROXY TCP4 source destination sourcePort destinationPort CR LF</c>, or <c>PROXY UNKNOWN ... CR LF</c>.</summary>
    private static bool TryRead1(ReadOnlySequence<byte> received, out int length, out IPEndPoint? client)
    {
        length = 0;
        client = null;
        var line = received.Slice(0, Math.Min(received.Length, MaxLineLength)).ToArray();
        var end = line.AsSpan().IndexOf("\r\n"u8);
        if (end < 0)
        {
            return line.Length < MaxLineLength ? false : throw new FormatException("The line of a PROXY header is too long.");
        }

        length = end + 2;
        var words = Encoding.Latin1.GetString(line, 0, end).Split(' ');
        if (words is ["PROXY", "UNKNOWN", ..])
        {
            return true;
        }

        if (words is not ["PROXY", "TCP4" or "TCP6", var source, var destination, var sourcePort, var destinationPort])
        {
            throw new FormatException("A PROXY header is not of the form 'PROXY TCP4 source destination port port'.");
        }

        var family = words[1] == "TCP4" ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6;
        ReadAddress(destination, family);
        ReadPort(destinationPort);
        client = new IPEndPoint(ReadAddress(source, family), ReadPort(sourcePort));
        return true;
    }

    private static IPAddress ReadAddress(string text, System.Net.Sockets.AddressFamily family) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family && !text.Contains('%')
            ? address
            : throw new FormatException("A PROXY header has an address that is none.");

    private static int ReadPort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new FormatException("A PROXY header has a port that is none.");

    /// <summary>Section 2.2: binary.</summary>
    private static bool TryRead2(ReadOnlySequence<byte> received, ReadOnlySpan<byte> start, out int length, out IPEndPoint? client)
    {
        client = null;
        var (versionAndCommand, family) = (start[12], start[13]);
        var addressLength = BinaryPrimitives.ReadUInt16BigEndian(start[14..]);
        length = FixedLength + addressLength;
        if ((versionAndCommand & 0xf0) != Version2 || length > MaxLength)
        {
            throw new FormatException("A PROXY header has an unknown version, or is too long.");
        }

        if (received.Length < length)
        {
            return false;
        }

        var addresses = received.Slice(FixedLength, addressLength).ToArray();
        client = (versionAndCommand & 0x0f, family) switch
        {
            (CommandLocal, _) => null,
            (CommandProxy, TcpOverIp4) when addresses.Length >= 12 =>
                new IPEndPoint(new IPAddress(addresses.AsSpan(0, 4)), BinaryPrimitives.ReadUInt16BigEndian(addresses.AsSpan(8))),
            (CommandProxy, TcpOverIp6) when addresses.Length >= 36 =>
                new IPEndPoint(new IPAddress(addresses.AsSpan(0, 16)), BinaryPrimitives.ReadUInt16BigEndian(addresses.AsSpan(32))),
            (CommandProxy, 0) => null, // section 2.2: AF_UNSPEC, the receiver must use the connection's own addresses
            _ => throw new FormatException("A PROXY header has a command, family or length that is not for TCP over IP."),
        };
        return true;
    }
}
