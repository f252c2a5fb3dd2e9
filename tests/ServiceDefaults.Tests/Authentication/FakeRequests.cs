using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Workspaces.ServiceDefaults.Authentication;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Authentication;

/// <summary>Requests, as far as introspection goes.</summary>
internal sealed class FakeRequests : IAsyncDisposable
{
    private WebApplication? _app;

    public ConcurrentDictionary<string, TokenInfo> Tokens { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    public string? LastAuthorization { get; private set; }

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public Uri Address => new(_app!.Urls.Single());

    public static async Task<FakeRequests> StartAsync()
    {
        var fake = new FakeRequests();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        fake._app = builder.Build();
        fake._app.Urls.Add("http://127.0.0.1:0");
        fake._app.MapPost("/internal/v1/introspect", fake.AnswerAsync);
        await fake._app.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task<IResult> AnswerAsync(HttpRequest request)
    {
        LastAuthorization = request.Headers.Authorization;
        var token = (await request.ReadFormAsync())["token"].ToString();
        Asked.Enqueue(token);
        return Status == HttpStatusCode.OK
            ? Results.Json(Tokens.GetValueOrDefault(token, TokenInfo.Inactive))
            : Results.StatusCode((int)Status);
    }
}
