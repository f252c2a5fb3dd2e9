using System.Text;
using Workspaces.Contracts;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>Where clients come from: behind load balancers, and after too many failures.</summary>
public sealed class AddressTests(ImpatientInstallation installation) : IClassFixture<ImpatientInstallation>
{
    private RunningProxy Proxy => installation.Proxy;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Login_ThroughALoadBalancer_IsSeenAsTheClientsThatItNames(int version)
    {
        var address = $"203.0.113.{version}";
        await using var balancer = BalancedConnection.To(Proxy, version == 1 ? Line(address) : Bytes((byte)version));

        var run = await SshAsync(balancer, "alice");

        Assert.True(run.ExitCode == 0, run.Error);
        await installation.Bus.SeenAsync<SessionOpened>(opened => opened.ClientAddress == $"{address}:51000");
    }

    [Fact]
    public async Task Connection_OfALoadBalancerWithoutHeader_IsNotServed()
    {
        await using var stream = await BalancedConnection.ConnectAsync(Proxy.SshPort);

        await stream.WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());

        Assert.DoesNotContain("SSH-2.0", await ReadToEndAsync(stream), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Proxy.Log.Contains("must send a PROXY header", StringComparison.Ordinal), "the warning");
    }

    [Fact]
    public async Task Header_OfAnybodyElse_IsNotRead()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(System.Net.IPAddress.Loopback, Proxy.SshPort);
        await client.GetStream().WriteAsync(Line("203.0.113.66"));

        // It is no SSH identification, and whoever says so is disconnected.
        Assert.DoesNotContain("203.0.113.66", Proxy.Log, StringComparison.Ordinal);
        await ReadToEndAsync(client.GetStream());
        var run = await Proxy.SshAsync(installation.Key("alice"), "payments", "true");
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public async Task Failures_TooManyFromOneAddress_KeepThatAddressAwayAndAreRecorded()
    {
        const string Address = "198.51.100.4";
        await using var balancer = BalancedConnection.To(Proxy, Line(Address));
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("Permission denied", (await SshAsync(balancer, "mallory")).Error, StringComparison.Ordinal);
        }

        var throttled = await SshAsync(balancer, "alice");

        Assert.Equal(255, throttled.ExitCode);
        Assert.DoesNotContain("Permission denied", throttled.Error, StringComparison.Ordinal);

        await installation.Bus.SeenAsync<AuthenticationFailed>(failed => failed is { ClientAddress: Address, Reason: AuthenticationFailureReason.Throttled });
        await using var other = BalancedConnection.To(Proxy, Line("198.51.100.5"));
        var elsewhere = await SshAsync(other, "alice");
        Assert.True(elsewhere.ExitCode == 0, elsewhere.Error);
    }

    private static byte[] Line(string address) => Encoding.ASCII.GetBytes($"PROXY TCP4 {address} 192.0.2.1 51000 2222\r\n");

    private static byte[] Bytes(byte last) =>
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12, 203, 0, 113, last, 192, 0, 2, 1, 51000 >> 8, 51000 & 0xff, 2222 >> 8, 2222 & 0xff];

    private static async Task<string> ReadToEndAsync(System.Net.Sockets.NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            return ""; // reset: not served either
        }
    }

    private Task<ProgramRun> SshAsync(BalancedConnection balancer, string user) => ProgramRun.RunAsync(
        StockProgram.Find("ssh", "openssh-client"),
        ["-o", $"Port={balancer.Port}", .. Proxy.SshArguments(installation.Key(user), "payments"), "true"],
        timeout: TimeSpan.FromSeconds(90));
}
