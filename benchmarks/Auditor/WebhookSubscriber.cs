using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>A receiver of webhooks that answers at once, and its subscription.</summary>
internal sealed class WebhookSubscriber : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Suite _suite;
    private string _id = "";

    private WebhookSubscriber(WebApplication app, Suite suite) => (_app, _suite) = (app, suite);

    /// <summary>When each event was here.</summary>
    public ConcurrentDictionary<Guid, DateTimeOffset> Received { get; } = [];

    public static async Task<WebhookSubscriber> StartAsync(Suite suite, long after, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var subscriber = new WebhookSubscriber(app, suite);
        app.MapPost("/", async (HttpContext context) =>
        {
            subscriber.Received.TryAdd(Guid.Parse(context.Request.Headers["webhook-id"].ToString()), DateTimeOffset.UtcNow);
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        await app.StartAsync(ct);
        using var response = await suite.Client.PostAsJsonAsync("v1/subscriptions", new { url = app.Urls.Single() + "/", after }, ct);
        response.EnsureSuccessStatusCode();
        subscriber._id = (await response.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetString()!;
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        using var response = await _suite.Client.DeleteAsync(new Uri($"v1/subscriptions/{_id}", UriKind.Relative));
        await _app.DisposeAsync();
    }
}
