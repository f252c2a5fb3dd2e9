using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

/// <summary>The bus against a real broker: where events go, and what happens to those that cannot be handled.</summary>
public sealed class BusTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    private readonly Inbox _inbox = new();

    [Fact]
    public async Task PublishAsync_Commands_GoToTheWorkerOfTheirModel()
    {
        await using var requests = await StartAsync(ServiceName.Requests);
        await requests.UntilReadyAsync();
        await using var channel = await OpenAsync();
        await PurgeAsync(channel, Topology.AuditorQueue); // other tests of this class

        await requests.PublishAsync(Events.Requested(WorkspaceModel.Standalone));
        await requests.PublishAsync(Events.Requested(WorkspaceModel.Injection));
        await requests.PublishAsync(Events.Requested(WorkspaceModel.Injection));

        Assert.Equal(1u, await PurgeAsync(channel, Topology.ProvisionerQueue));
        Assert.Equal(2u, await PurgeAsync(channel, Topology.InjectorQueue));
        Assert.Equal(3u, await PurgeAsync(channel, Topology.AuditorQueue));
    }

    [Fact]
    public async Task PublishAsync_Event_ArrivesWithItsIdAsMessageId()
    {
        var id = Guid.NewGuid();
        await using var requests = await StartAsync(ServiceName.Requests, Consume<WorkspaceReady>);

        await requests.PublishAsync(Events.Ready(id: id));

        await Eventually.TrueAsync(() => _inbox.Handled.Count == 1, "the event is handled");
        Assert.Equal(id, Assert.Single(_inbox.Attempts));
        Assert.Equal(id, Assert.Single(_inbox.Handled).EventId);
    }

    [Fact]
    public async Task PublishAsync_NoQueueTakesIt_Throws()
    {
        await using var proxy = await StartAsync(ServiceName.Proxy);
        await proxy.UntilReadyAsync();
        await using var channel = await OpenAsync();
        await channel.QueueUnbindAsync(Topology.RequestsQueue, "Workspaces.Contracts:WorkspaceActivity", "#");

        await Assert.ThrowsAsync<EventNotPublishedException>(() => proxy.PublishAsync(Events.Activity()));
        await channel.QueueBindAsync(Topology.RequestsQueue, "Workspaces.Contracts:WorkspaceActivity", "#");
    }

    [Fact]
    public async Task Consume_FailsForAWhile_IsRetriedInPlaceUntilItWorks()
    {
        _inbox.Handle = (_, _) => _inbox.Attempts.Count < 4 ? throw new TimeoutException("not now") : Task.CompletedTask;
        await using var requests = await StartAsync(ServiceName.Requests, Consume<WorkspaceReady>);

        await requests.PublishAsync(Events.Ready());

        await Eventually.TrueAsync(() => _inbox.Handled.Count == 1, "the event is handled");
        Assert.Equal(4, _inbox.Attempts.Count);
        Assert.Equal(0u, await CountAsync(Topology.RequestsQueue));
        Assert.Equal(0u, await CountAsync($"{Topology.RequestsQueue}_error"));
    }

    [Fact]
    public async Task Consume_Uninterpretable_GoesToTheErrorQueueAndTheNextIsHandled()
    {
        _inbox.Handle = (e, _) => e is WorkspaceReady { WorkspaceId: "bad" } ? throw new UninterpretableMessageException("no") : Task.CompletedTask;
        await using var requests = await StartAsync(ServiceName.Requests, Consume<WorkspaceReady>);

        await requests.PublishAsync(Events.Ready("bad"));
        await requests.PublishAsync(Events.Ready("good"));

        await Eventually.TrueAsync(() => _inbox.Handled.Count == 1, "the good one is handled");
        await AssertErrorAsync();
        Assert.Equal(2, _inbox.Attempts.Count);
    }

    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("""{"messageType":["urn:message:Workspaces.Contracts:WorkspaceReady"],"message":{"eventId":5}}""")]
    [InlineData("""{"messageType":["urn:message:Workspaces.Contracts:WorkspaceReady"]}""")]
    public async Task Consume_NotAnEvent_GoesToTheErrorQueue(string body)
    {
        await using var requests = await StartAsync(ServiceName.Requests, Consume<WorkspaceReady>);
        await using var channel = await OpenAsync();

        await PublishRawAsync(channel, "Workspaces.Contracts:WorkspaceReady", body);

        await AssertErrorAsync();
        Assert.Empty(_inbox.Handled);
    }

    [Fact]
    public async Task Consume_EventThroughTheExchangeOfAnother_IsRefused()
    {
        await using var requests = await StartAsync(ServiceName.Requests, Consume<InstanceUp>);
        await using var channel = await OpenAsync();
        var up = System.Text.Json.JsonSerializer.Serialize(Events.Up(), ContractsJson.Options);

        await PublishRawAsync(channel, "Workspaces.Contracts:WorkspaceActivity", $$"""{"messageType":["urn:message:Workspaces.Contracts:InstanceUp"],"message":{{up}}}""");

        await AssertErrorAsync();
        Assert.Empty(_inbox.Handled);
        // The same through its own exchange is fine, so the refusal was not for another reason.
        await PublishRawAsync(channel, "Workspaces.Contracts:InstanceUp", $$"""{"messageType":["urn:message:Workspaces.Contracts:InstanceUp"],"message":{{up}}}""");
        await Eventually.TrueAsync(() => _inbox.Handled.Count == 1, "the genuine one is handled");
    }

    [Fact]
    public async Task StopAsync_WhileRetrying_MessageIsBackInTheQueue()
    {
        _inbox.Handle = (_, _) => throw new TimeoutException("never");
        var requests = await StartAsync(ServiceName.Requests, Consume<WorkspaceReady>);
        await requests.PublishAsync(Events.Ready());
        await Eventually.TrueAsync(() => _inbox.Attempts.Count >= 2, "it is being retried");

        await requests.DisposeAsync();

        Assert.Equal(0u, await CountAsync($"{Topology.RequestsQueue}_error"));
        Assert.Equal(1u, await CountAsync(Topology.RequestsQueue));
        await using var channel = await OpenAsync();
        await PurgeAsync(channel, Topology.RequestsQueue);
    }

    [Fact]
    public async Task ServiceQueue_ByHand_ReadsOnlyBetweenStartAndStop()
    {
        await using var provisioner = await StartAsync(ServiceName.Provisioner, Consume<WorkspaceRequested>, QueueStart.ByHand);
        await provisioner.UntilReadyAsync();
        await using var requests = await StartAsync(ServiceName.Requests);
        await requests.PublishAsync(Events.Requested(WorkspaceModel.Standalone, "a"));
        Assert.Equal(1u, await CountAsync(Topology.ProvisionerQueue));

        await provisioner.Queue.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _inbox.Handled.Count == 1, "the waiting one is handled");
        await provisioner.Queue.StopAsync(TestContext.Current.CancellationToken);
        await requests.PublishAsync(Events.Requested(WorkspaceModel.Standalone, "b"));
        Assert.Equal(1u, await CountAsync(Topology.ProvisionerQueue));

        await provisioner.Queue.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _inbox.Handled.Count == 2, "the second one is handled");
        Assert.True(provisioner.Queue.IsReading);
    }

    [Fact]
    public async Task ServiceQueue_StopWhileRetrying_ReturnsAndLeavesTheMessage()
    {
        _inbox.Handle = (_, _) => throw new TimeoutException("never");
        await using var provisioner = await StartAsync(ServiceName.Provisioner, Consume<WorkspaceRequested>, QueueStart.ByHand);
        await provisioner.Queue.StartAsync(TestContext.Current.CancellationToken);
        await using var requests = await StartAsync(ServiceName.Requests);
        await requests.PublishAsync(Events.Requested(WorkspaceModel.Standalone));
        await Eventually.TrueAsync(() => _inbox.Attempts.Count >= 2, "it is being retried");

        await provisioner.Queue.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        Assert.Equal(1u, await CountAsync(Topology.ProvisionerQueue));
        Assert.Equal(0u, await CountAsync($"{Topology.ProvisionerQueue}_error"));
        await using var channel = await OpenAsync();
        await PurgeAsync(channel, Topology.ProvisionerQueue);
    }

    private async Task<TestService> StartAsync(
        ServiceName name, Action<IBusRegistrationConfigurator>? bus = null, QueueStart queueStart = QueueStart.WithHost) =>
        await TestService.StartAsync(name, broker.ConnectionString, bus, queueStart, services => services.AddSingleton(_inbox));

    private static void Consume<T>(IBusRegistrationConfigurator bus)
        where T : class, IWorkspaceEvent => bus.AddConsumer<InboxConsumer<T>>();

    private async Task AssertErrorAsync()
    {
        var errors = $"{Topology.RequestsQueue}_error";
        await Eventually.TrueAsync(async () => await CountAsync(errors) == 1, "it is in the error queue");
        await using var channel = await OpenAsync();
        await PurgeAsync(channel, errors);
    }

    private async Task<IChannel> OpenAsync()
    {
        var connection = await new ConnectionFactory { Uri = broker.ConnectionString }.CreateConnectionAsync();
        return await connection.CreateChannelAsync();
    }

    private static async Task<uint> PurgeAsync(IChannel channel, string queue) => await channel.QueuePurgeAsync(queue);

    /// <summary>Messages that wait in a queue; 0 for a queue that nobody needed yet.</summary>
    private async Task<uint> CountAsync(string queue)
    {
        await using var channel = await OpenAsync();
        try
        {
            return await channel.MessageCountAsync(queue);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }

    private static ValueTask PublishRawAsync(IChannel channel, string exchange, string body) => channel.BasicPublishAsync(
        exchange,
        "abc",
        mandatory: true,
        new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = Guid.NewGuid().ToString() },
        Encoding.UTF8.GetBytes(body));
}
