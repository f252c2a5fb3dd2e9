using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>One exchange over a forwarded port.</summary>
internal static class Tcp
{
    /// <summary>Sends a text and reads as much back, once somebody listens and answers.</summary>
    public static Task<string> ExchangeAsync(int port, string text) => Eventually.FindAsync(async () =>
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
            var answer = new byte[text.Length];
            await client.GetStream().ReadExactlyAsync(answer);
            return Encoding.ASCII.GetString(answer);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null; // the forward is not up yet
        }
    }, $"an answer on port {port}");
}
