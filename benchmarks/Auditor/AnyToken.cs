using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>Stands for Requests, which the Auditor asks about tokens: every token may read and subscribe.</summary>
internal sealed class AnyToken : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AnyToken(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<AnyToken> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/internal/v1/introspect", () => TypedResults.Json(
            new TokenInfo { Active = true, Subject = "benchmark", Scope = $"{Scopes.EventsRead} {Scopes.SubscriptionsManage}" }));
        await app.StartAsync();
        return new AnyToken(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
