using System.Net;
using Workspaces.Proxy.Listening;
using Xunit;

namespace Workspaces.Proxy.Tests.Listening;

public sealed class AddressThrottleTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("203.0.113.9");

    private readonly ManualTime _time = new();

    [Fact]
    public void Allows_AfterTooManyFailures_NotUntilTimeHasPassed()
    {
        var throttle = new AddressThrottle(3, TimeSpan.FromSeconds(10), _time);

        Fail(throttle, Attacker, 3);

        Assert.False(throttle.Allows(Attacker));
        Assert.True(throttle.Allows(IPAddress.Parse("203.0.113.10")));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(throttle.Allows(Attacker));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(throttle.Allows(Attacker));
        throttle.Failed(Attacker);
        Assert.False(throttle.Allows(Attacker));
    }

    [Fact]
    public void Allows_AfterASuccess_IsAsIfNothingHadFailed()
    {
        var throttle = new AddressThrottle(3, TimeSpan.FromSeconds(10), _time);

        Fail(throttle, Attacker, 2);
        throttle.Succeeded(Attacker);
        Fail(throttle, Attacker, 2);

        Assert.True(throttle.Allows(Attacker));
    }

    [Fact]
    public void Allows_OfIpv6_CountsANetworkAsOne()
    {
        var throttle = new AddressThrottle(2, TimeSpan.FromSeconds(10), _time);

        throttle.Failed(IPAddress.Parse("2001:db8::1"));
        throttle.Failed(IPAddress.Parse("2001:db8::2"));

        Assert.False(throttle.Allows(IPAddress.Parse("2001:db8::3")));
        Assert.True(throttle.Allows(IPAddress.Parse("2001:db8:0:1::3")));
    }

    [Fact]
    public void Allows_OfAnIpv4AddressInsideIpv6_IsTheSame()
    {
        var throttle = new AddressThrottle(1, TimeSpan.FromSeconds(10), _time);

        throttle.Failed(Attacker.MapToIPv6());

        Assert.False(throttle.Allows(Attacker));
    }

    [Fact]
    public void Failed_FromMoreAddressesThanAreKept_StaysBounded()
    {
        var throttle = new AddressThrottle(5, TimeSpan.FromSeconds(10), _time);

        for (var i = 0; i < 250_000; i++)
        {
            throttle.Failed(new IPAddress(0x0100_0000L + i));
        }

        Assert.InRange(throttle.Count, 1, 100_001);
    }

    private static void Fail(AddressThrottle throttle, IPAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            throttle.Failed(address);
        }
    }
}
