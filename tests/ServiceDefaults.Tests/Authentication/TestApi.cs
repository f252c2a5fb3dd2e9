using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Authentication;

/// <summary>A service with the HTTP conventions, bearer tokens and a few endpoints.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public static async Task<TestApi> StartAsync(
        Action<IHostApplicationBuilder> authentication, Dictionary<string, string?>? configuration = null, Action<WebApplication>? endpoints = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(configuration ?? []) { ["urls"] = "http://127.0.0.1:0" });
        builder.AddServiceDefaults(ServiceName.Auditor);
        authentication(builder);
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGet("/who", (HttpContext context) => new Who(
            context.User.Subject(), context.User.Username(), context.User.ClientId(), context.User.IsInRole("admin")));
        app.MapGet("/events", () => "events").RequireScope(Scopes.EventsRead);
        app.MapGet("/open", () => "open").AllowAnonymous();
        app.MapGet("/broken", string () => throw new InvalidOperationException("secret detail")).AllowAnonymous();
        app.MapPost("/body", (Who who) => who).AllowAnonymous();
        app.MapGet("/refused", () => Problems.Problem("out-of-tea", 418, "Make some.", new Dictionary<string, object?> { ["kind"] = "green" })).AllowAnonymous();
        endpoints?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestApi(app);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    internal sealed record Who(string Subject, string? Username, string? ClientId, bool IsAdmin);
}
