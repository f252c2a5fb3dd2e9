using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Workspaces.ServiceDefaults.Webhooks;
using Workspaces.Support.Webhooks;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Webhooks;

/// <summary>One attempt, to a receiver on loopback.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private static readonly WebhookSecret Secret = WebhookSecret.New();
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task SendAsync_Message_ArrivesSignedBySecretsOldAndNew()
    {
        var old = WebhookSecret.New();

        var answer = await SendAsync(_receiver.Url, secrets: [Secret, old]);

        Assert.Equal((WebhookOutcome.Delivered, 204, null), (answer.Outcome, answer.Status, answer.Problem));
        var received = Assert.Single(_receiver.Received);
        Assert.Equal(("msg_1", "application/cloudevents+json", "{}"), (received.Id, received.ContentType, System.Text.Encoding.UTF8.GetString(received.Body)));
        Assert.True(received.IsSignedBy(Secret.Text));
        Assert.True(received.IsSignedBy(old.Text));
        Assert.False(received.IsSignedBy(WebhookSecret.New().Text));
    }

    [Theory]
    [InlineData(200, WebhookOutcome.Delivered)]
    [InlineData(400, WebhookOutcome.Rejected)]
    [InlineData(410, WebhookOutcome.Gone)]
    [InlineData(503, WebhookOutcome.Rejected)]
    public async Task SendAsync_Answer_IsTheOutcome(int status, WebhookOutcome outcome)
    {
        _receiver.AnswerWith(status);

        var answer = await SendAsync(_receiver.Url);

        Assert.Equal((outcome, status), (answer.Outcome, answer.Status));
    }

    [Fact]
    public async Task SendAsync_Redirect_IsNotFollowed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        _receiver.AnswerWith(307);
        _receiver.Location = elsewhere.Url;

        var answer = await SendAsync(_receiver.Url);

        Assert.Equal((WebhookOutcome.Rejected, 307), (answer.Outcome, answer.Status));
        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task SendAsync_RetryAfter_IsReported()
    {
        _receiver.AnswerWith(429);
        _receiver.RetryAfter = "7";

        Assert.Equal(TimeSpan.FromSeconds(7), (await SendAsync(_receiver.Url)).RetryAfter);
    }

    [Fact]
    public async Task SendAsync_NoAnswer_TimesOut()
    {
        var never = new TaskCompletionSource();
        _receiver.Answer = async _ =>
        {
            await never.Task;
            return 204;
        };

        var answer = await SendAsync(_receiver.Url, timeout: TimeSpan.FromMilliseconds(300));
        never.SetResult();

        Assert.Equal((WebhookOutcome.TimedOut, null), (answer.Outcome, answer.Status));
    }

    [Fact]
    public async Task SendAsync_NobodyListens_IsUnreachable()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: nobody else can take the port

        var answer = await SendAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/"));

        Assert.Equal(WebhookOutcome.Unreachable, answer.Outcome);
        Assert.NotNull(answer.Problem);
    }

    [Fact]
    public async Task SendAsync_PrivateAddress_IsRefusedAndNothingIsSent()
    {
        var answer = await SendAsync(_receiver.Url, allowed: []);

        Assert.Equal(WebhookOutcome.Refused, answer.Outcome);
        Assert.Contains("127.0.0.1", answer.Problem, StringComparison.Ordinal);
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task SendAsync_NameWithAPrivateAddressAmongPublicOnes_IsRefused()
    {
        var answer = await SendAsync(Named("mixed.example"), allowed: [], resolver: new Names("93.184.215.14", "127.0.0.1"));

        Assert.Equal(WebhookOutcome.Refused, answer.Outcome);
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task SendAsync_NameThatIsReboundAfterItWasJudged_GoesToTheJudgedAddress()
    {
        // First a name for loopback, which is allowed here; whoever asks again is led to a network that is not.
        var resolver = new Names("127.0.0.1") { Later = "10.0.0.1" };

        var answer = await SendAsync(Named("rebound.example"), resolver: resolver);

        Assert.Equal(WebhookOutcome.Delivered, answer.Outcome);
        Assert.Equal(1, resolver.Asked);
    }

    [Fact]
    public async Task SendAsync_NameThatIsReboundBetweenAttempts_IsRefused()
    {
        var resolver = new Names("127.0.0.1") { Later = "10.0.0.1" };
        await SendAsync(Named("rebound.example"), resolver: resolver);

        var answer = await SendAsync(Named("rebound.example"), resolver: resolver); // a sender of its own, so a connection of its own

        Assert.Equal(WebhookOutcome.Refused, answer.Outcome);
        Assert.Single(_receiver.Received);
    }

    [Fact]
    public async Task SendAsync_CallerCancels_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(_receiver.Url, cancellation: cancelled.Token));
    }

    private static async Task<WebhookAnswer> SendAsync(
        Uri url, string[]? allowed = null, IHostResolver? resolver = null, WebhookSecret[]? secrets = null, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var options = Options.Create(new WebhookOptions
        {
            AllowInsecureHttp = true,
            AllowedPrivateNetworks = allowed ?? ["127.0.0.0/8"],
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
        });
        using var sender = new WebhookSender(new WebhookTargets(options), resolver ?? new Names("192.0.2.1"), options, TimeProvider.System);
        return await sender.SendAsync(new WebhookMessage(url, "msg_1", "application/cloudevents+json", "{}"u8.ToArray(), secrets ?? [Secret]), cancellation);
    }

    private Uri Named(string name) => new UriBuilder(_receiver.Url) { Host = name }.Uri;

    private sealed class Names(params string[] addresses) : IHostResolver
    {
        public string? Later { get; init; }

        public int Asked { get; private set; }

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            var answer = Asked++ > 0 && Later is not null ? [Later] : addresses;
            return Task.FromResult(answer.Select(IPAddress.Parse).ToArray());
        }
    }
}
