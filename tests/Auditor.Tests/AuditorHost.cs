using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Workspaces.Auditor.Documents;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Heads;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.Auditor.Reading;
using Workspaces.Auditor.Retention;
using Workspaces.Auditor.Verifying;
using Workspaces.Auditor.Views;
using Workspaces.Auditor.Webhooks;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Authentication;
using Xunit;

namespace Workspaces.Auditor.Tests;

/// <summary>The Auditor in this process, as Program.cs puts it together, but for tokens: any token is its own list of scopes, and <c>sub=NAME</c> among them says whose it is.</summary>
internal sealed class AuditorHost : IAsyncDisposable
{
    /// <summary>Settings with which receivers of webhooks may be on loopback.</summary>
    public static readonly (string Name, string Value)[] LoopbackWebhooks = [("Webhooks:AllowInsecureHttp", "true"), ("Webhooks:AllowedPrivateNetworks:0", "127.0.0.0/8")];

    private readonly WebApplication _app;

    private AuditorHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts it; without a broker it only answers queries.</summary>
    public static async Task<AuditorHost> StartAsync(string postgres, Uri? rabbitMq = null, IEnumerable<(string Name, string Value)>? settings = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection((settings ?? []).Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:postgres"] = postgres,
            ["ConnectionStrings:rabbitmq"] = rabbitMq?.AbsoluteUri,
            ["urls"] = "http://127.0.0.1:0",
            ["Webhooks:SecretsKeyFile"] = builder.Configuration["Webhooks:SecretsKeyFile"] ?? SecretsKey.File,
        });
        builder.AddServiceDefaults(ServiceName.Auditor);
        builder.AddApiKeyAuthentication<ScopesAsTokens>();
        builder.AddEventLog().AddEventsApi().AddViews().AddVerification().AddSignedHeads().AddWebhooks().AddRetention();
        if (rabbitMq is not null)
        {
            builder.AddLogQueue().AddFeed();
        }

        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapEventsApi().MapViewsApi().MapVerifyApi().MapHeadsApi().MapExportApi().MapSubscriptionsApi().MapDocumentsApi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AuditorHost(app);
    }

    public async Task<bool> IsReadyAsync() =>
        (await Get<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status == HealthStatus.Healthy;

    /// <summary>GET with a token that has the scope events:read.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, string? token = Scopes.EventsRead)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task UntilReadyAsync() => Eventually.TrueAsync(IsReadyAsync, "the Auditor is ready");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private sealed class ScopesAsTokens : ITokenValidator
    {
        private const string SubjectPrefix = "sub=";

        public Task<TokenInfo> ValidateAsync(string token, CancellationToken cancellationToken) => Task.FromResult(new TokenInfo
        {
            Active = true,
            Subject = token.Split(' ').FirstOrDefault(word => word.StartsWith(SubjectPrefix, StringComparison.Ordinal))?[SubjectPrefix.Length..] ?? "test",
            Scope = token,
        });
    }
}
