using System.Net;
using Microsoft.Extensions.Options;
using Workspaces.ServiceDefaults.Webhooks;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Webhooks;

public sealed class WebhookTargetsTests
{
    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:93.184.215.14", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Allows_Address_WhenItIsPublic(string address, bool isPublic) =>
        Assert.Equal(isPublic, Targets().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.20.1.1", true)]
    [InlineData("::ffff:10.20.1.1", true)]
    [InlineData("10.21.1.1", false)]
    public void Allows_PrivateAddress_WhenItsNetworkIsAllowed(string address, bool allowed) =>
        Assert.Equal(allowed, Targets(networks: "10.20.0.0/16").Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com/hook?team=1")]
    [InlineData("https://93.184.215.14:8443/")]
    public void WhyNot_PublicHttpsUrl_IsNothing(string url) => Assert.Null(Targets().WhyNot(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.com/hook")]
    [InlineData("ftp://example.com/")]
    [InlineData("http://example.com/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com/#part")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    public void WhyNot_AnythingElse_SaysWhy(string? url) => Assert.NotNull(Targets().WhyNot(url));

    [Fact]
    public void WhyNot_Http_IsNothingWhereItIsAllowed() => Assert.Null(Targets(http: true).WhyNot("http://example.com/"));

    [Fact]
    public void Constructor_NetworkThatIsNone_Throws()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Targets(networks: "10.0.0.0/40"));

        Assert.Contains("10.0.0.0/40", e.Message, StringComparison.Ordinal);
    }

    private static WebhookTargets Targets(bool http = false, params string[] networks) =>
        new(Options.Create(new WebhookOptions { AllowInsecureHttp = http, AllowedPrivateNetworks = networks }));
}
