using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Support.Webhooks;

/// <summary>Another team's receiver of webhooks, on loopback: keeps what arrives and answers what a test wants.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>What arrived, in order, also what was answered with an error.</summary>
    public ConcurrentQueue<ReceivedWebhook> Received { get; } = [];

    /// <summary>The status that a webhook is answered with; 204 unless a test says otherwise.</summary>
    public Func<ReceivedWebhook, Task<int>> Answer { get; set; } = _ => Task.FromResult(StatusCodes.Status204NoContent);

    /// <summary>Header <c>Location</c> of the answers.</summary>
    public Uri? Location { get; set; }

    /// <summary>Header <c>Retry-After</c> of the answers.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(new Uri(_app.Urls.Single()), "hook");

    /// <summary>Starts it, on a port of its own or on a given one.</summary>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        var receiver = new WebhookReceiver(app);
        app.MapPost("/hook", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Answers with a status.</summary>
    public void AnswerWith(int status) => Answer = _ => Task.FromResult(status);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers;
        var webhook = new ReceivedWebhook(
            headers[WebhookSignature.IdHeader].ToString(),
            headers[WebhookSignature.TimestampHeader].ToString(),
            headers[WebhookSignature.SignatureHeader].ToString(),
            context.Request.ContentType,
            body.ToArray());
        Received.Enqueue(webhook);
        context.Response.StatusCode = await Answer(webhook);
        if (Location is not null)
        {
            context.Response.Headers.Location = Location.ToString();
        }

        if (RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }
    }
}
