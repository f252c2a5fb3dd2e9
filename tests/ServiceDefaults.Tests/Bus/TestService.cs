using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

/// <summary>A service with nothing but the defaults and the bus.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestService(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public IServiceQueue Queue => Services.GetRequiredService<IServiceQueue>();

    public static async Task<TestService> StartAsync(
        ServiceName name,
        Uri broker,
        Action<IBusRegistrationConfigurator>? bus = null,
        QueueStart queueStart = QueueStart.WithHost,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:rabbitmq"] = broker.AbsoluteUri,
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.AddServiceDefaults(name);
        builder.AddBus(name, bus, queueStart);
        services?.Invoke(builder.Services);
        var service = new TestService(builder.Build());
        service._app.MapServiceDefaults();
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public Task PublishAsync(IWorkspaceEvent workspaceEvent) =>
        Services.GetRequiredService<IEventPublisher>().PublishAsync(workspaceEvent, TestContext.Current.CancellationToken);

    public async Task<bool> IsReadyAsync() =>
        (await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status == HealthStatus.Healthy;

    public Task UntilReadyAsync() => Eventually.TrueAsync(IsReadyAsync, "the service is ready");

    /// <summary>Address that HTTP requests go to.</summary>
    public Uri Address => new(_app.Urls.Single());

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
