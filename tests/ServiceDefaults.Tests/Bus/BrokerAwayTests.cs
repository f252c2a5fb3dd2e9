using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

/// <summary>A service whose broker is not there.</summary>
public sealed class BrokerAwayTests
{
    [Fact]
    public async Task Start_BrokerAway_ServiceRunsAndIsNotReady()
    {
        await using var service = await StartAsync();
        using var http = new HttpClient { BaseAddress = service.Address };

        using var live = await http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        using var ready = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("broker", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishAsync_BrokerAway_ThrowsWithinTheTimeLimit()
    {
        await using var service = await StartAsync();
        var watch = Stopwatch.StartNew();

        await Assert.ThrowsAsync<EventNotPublishedException>(() => service.PublishAsync(Events.Ready()));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task PublishAsync_CallerCancels_IsCancelled()
    {
        await using var service = await StartAsync();
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => service.Services.GetRequiredService<IEventPublisher>().PublishAsync(Events.Ready(), cancelled.Token));
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(
        ServiceName.Requests,
        new Uri($"amqp://nobody:nothing@127.0.0.1:{UnusedPort()}/"),
        services: services => services.Configure<EventPublisherOptions>(options => options.TimeLimit = TimeSpan.FromSeconds(1)));

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
