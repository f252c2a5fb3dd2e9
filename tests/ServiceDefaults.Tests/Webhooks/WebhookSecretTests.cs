using System.Text;
using Workspaces.ServiceDefaults.Webhooks;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    // The example of the Standard Webhooks specification.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const long Timestamp = 1614265330;
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(Timestamp);

    [Fact]
    public void Sign_ExampleOfTheSpecification_GivesItsSignature()
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var secret));

        Assert.Equal(Signature, secret.Sign(Id, Time, Body));
    }

    [Fact]
    public void New_Secrets_DifferAndAreReadBack()
    {
        var (one, other) = (WebhookSecret.New(), WebhookSecret.New());

        Assert.NotEqual(one.Text, other.Text);
        Assert.True(WebhookSecret.TryParse(one.Text, out var read));
        Assert.Equal(one.Sign(Id, Time, Body), read.Sign(Id, Time, Body));
        Assert.DoesNotContain(one.Text, one.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, whatever its length")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void TryParse_OtherForm_IsFalse(string? text) => Assert.False(WebhookSecret.TryParse(text, out _));

    [Fact]
    public void Verify_OneOfSeveralSignatures_IsEnough()
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var secret));
        var header = WebhookSignature.HeaderOf([WebhookSecret.New(), secret], Id, Time, Body);

        Assert.Equal(2, header.Split(' ').Length);
        Assert.True(WebhookSignature.Verify(secret, Id, $"{Timestamp}", header, Body, Time));
    }

    [Theory]
    [InlineData("msg_other", "1614265330", Signature, 0)]
    [InlineData(Id, "1614265331", Signature, 0)]
    [InlineData(Id, "soon", Signature, 0)]
    [InlineData(Id, "1614265330", "v1,", 0)]
    [InlineData(Id, "1614265330", Signature, 301)]
    [InlineData(Id, "1614265330", Signature, -301)]
    public void Verify_ChangedOrOld_IsFalse(string id, string timestamp, string signatures, int secondsLater)
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var secret));

        Assert.False(WebhookSignature.Verify(secret, id, timestamp, signatures, Body, Time.AddSeconds(secondsLater)));
    }

    [Fact]
    public void Verify_ChangedBody_IsFalse()
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var secret));

        Assert.False(WebhookSignature.Verify(secret, Id, $"{Timestamp}", Signature, "{}"u8, Time));
    }
}
