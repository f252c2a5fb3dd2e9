using System.Buffers;
using System.Text;
using Workspaces.Proxy.Listening;
using Xunit;

namespace Workspaces.Proxy.Tests.Listening;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = "\r\n\r\n\0\r\nQUIT\n"u8.ToArray();

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.9 192.0.2.1 51000 2222\r\n", "203.0.113.9:51000")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 51000 2222\r\n", "[2001:db8::7]:51000")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null)]
    public void TryRead_OfALine_FindsTheClient(string line, string? expected)
    {
        var bytes = Encoding.ASCII.GetBytes(line + "SSH-2.0-x\r\n");

        Assert.True(ProxyHeader.TryRead(new ReadOnlySequence<byte>(bytes), out var length, out var client));
        Assert.Equal(line.Length, length);
        Assert.Equal(expected, client?.ToString());
        AssertIncompleteBefore(bytes, line.Length);
    }

    [Theory]
    [InlineData(0x21, 0x11, "CB007109C0000201C73808AE", "203.0.113.9:51000")]
    [InlineData(0x21, 0x11, "CB007109C0000201C73808AE030004DEADBEEF", "203.0.113.9:51000")] // with a field that is not looked at
    [InlineData(0x21, 0x21, "20010DB800000000000000000000000720010DB8000000000000000000000001C73808AE", "[2001:db8::7]:51000")]
    [InlineData(0x20, 0x00, "", null)]
    [InlineData(0x20, 0x11, "CB007109C0000201C73808AE", null)]
    [InlineData(0x21, 0x00, "", null)]
    public void TryRead_OfBytes_FindsTheClient(byte command, byte family, string addresses, string? expected)
    {
        byte[] body = Convert.FromHexString(addresses);
        byte[] bytes = [.. Signature, command, family, 0, (byte)body.Length, .. body, .. "SSH-2.0-x\r\n"u8];
        var header = Signature.Length + 4 + body.Length;

        Assert.True(ProxyHeader.TryRead(new ReadOnlySequence<byte>(bytes), out var length, out var client));
        Assert.Equal(header, length);
        Assert.Equal(expected, client?.ToString());
        AssertIncompleteBefore(bytes, header);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("PROXY TCP4 203.0.113.9 192.0.2.1 51000\r\n")]
    [InlineData("PROXY TCP4 203.0.113.9 192.0.2.1 51000 70000\r\n")]
    [InlineData("PROXY TCP4 203.0.113.9 192.0.2.1 -1 2222\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 2001:db8::1 51000 2222\r\n")]
    [InlineData("PROXY TCP6 203.0.113.9 192.0.2.1 51000 2222\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 2001:db8::1 51000 2222\r\n")]
    [InlineData("PROXY UDP4 203.0.113.9 192.0.2.1 51000 2222\r\n")]
    [InlineData("PROXY  TCP4 203.0.113.9 192.0.2.1 51000 2222\r\n")]
    public void TryRead_OfAnythingElse_Refuses(string line) =>
        Assert.Throws<FormatException>(() => ProxyHeader.TryRead(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(line)), out _, out _));

    [Fact]
    public void TryRead_OfALineWithoutEnd_RefusesAt107Bytes() => Assert.Throws<FormatException>(() =>
        ProxyHeader.TryRead(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 200))), out _, out _));

    [Theory]
    [InlineData(0x11, 0x11, "CB007109C0000201C73808AE")] // version 1 in binary
    [InlineData(0x22, 0x11, "CB007109C0000201C73808AE")] // unknown command
    [InlineData(0x21, 0x12, "CB007109C0000201C73808AE")] // UDP
    [InlineData(0x21, 0x11, "CB007109")] // too short
    [InlineData(0x21, 0x21, "CB007109C0000201C73808AE")] // IPv6 with the length of IPv4
    public void TryRead_OfOtherBytes_Refuses(byte command, byte family, string addresses)
    {
        var body = Convert.FromHexString(addresses);

        Assert.Throws<FormatException>(() => ProxyHeader.TryRead(
            new ReadOnlySequence<byte>([.. Signature, command, family, 0, (byte)body.Length, .. body]), out _, out _));
    }

    [Fact]
    public void TryRead_OfRandomChanges_AnswersOrRefusesAndNothingElse()
    {
        var random = new Random(7);
        byte[][] seeds =
        [
            Encoding.ASCII.GetBytes("PROXY TCP4 203.0.113.9 192.0.2.1 51000 2222\r\n"),
            [.. Signature, 0x21, 0x11, 0, 12, .. Convert.FromHexString("CB007109C0000201C73808AE")],
        ];
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = seeds[i % 2].ToArray();
            for (var change = 0; change < 1 + (i % 3); change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                if (ProxyHeader.TryRead(new ReadOnlySequence<byte>(bytes, 0, random.Next(bytes.Length + 1)), out var length, out _))
                {
                    Assert.InRange(length, 1, bytes.Length);
                }
            }
            catch (FormatException)
            {
                // Refused, as it should be.
            }
        }
    }

    private static void AssertIncompleteBefore(byte[] bytes, int length)
    {
        for (var i = 0; i < length; i++)
        {
            Assert.False(ProxyHeader.TryRead(new ReadOnlySequence<byte>(bytes, 0, i), out _, out _));
        }
    }
}
