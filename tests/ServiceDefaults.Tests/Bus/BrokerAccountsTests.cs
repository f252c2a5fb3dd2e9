using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

/// <summary>The accounts' permissions on a real broker: enough for each service, and no more.</summary>
public sealed class BrokerAccountsTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    private const int AccessRefused = 403; // AMQP 0-9-1

    [Theory]
    [InlineData(ServiceName.Requests)]
    [InlineData(ServiceName.Provisioner)]
    [InlineData(ServiceName.Injector)]
    [InlineData(ServiceName.Proxy)]
    public async Task Account_OfEachService_IsEnoughToRunIt(ServiceName name)
    {
        await using var service = await TestService.StartAsync(
            name, await AccountAsync(name), bus => bus.AddConsumer<InboxConsumer<WorkspaceRequested>>(), services: services => services.AddSingleton<Inbox>());

        await service.UntilReadyAsync();
        if (name is ServiceName.Provisioner or ServiceName.Injector)
        {
            await service.PublishAsync(Events.Up());
        }
    }

    [Fact]
    public async Task Account_OfTheAuditor_MayReadItsQueueAndPublishTheFeed()
    {
        await using var channel = await ConnectAsync(ServiceName.Auditor);

        await TopologyDeclarer.DeclareAsync(channel, TestContext.Current.CancellationToken);
        await channel.BasicConsumeAsync(Topology.AuditorQueue, autoAck: false, new AsyncDefaultBasicConsumer(channel));
        await channel.BasicPublishAsync(Topology.FeedExchange, "key", "{}"u8.ToArray());
    }

    [Fact]
    public async Task Publish_InstanceUpAsProxy_IsRefused()
    {
        await using var channel = await ConnectAsync(ServiceName.Proxy);
        await TopologyDeclarer.DeclareAsync(channel, TestContext.Current.CancellationToken);

        await channel.BasicPublishAsync("Workspaces.Contracts:SessionOpened", "abc", "{}"u8.ToArray()); // its own

        await AssertRefusedAsync(() => channel.BasicPublishAsync("Workspaces.Contracts:InstanceUp", "abc", "{}"u8.ToArray()).AsTask());
    }

    [Theory]
    [InlineData(ServiceName.Requests, "Workspaces.Contracts:InstanceUp")]
    [InlineData(ServiceName.Provisioner, "Workspaces.Contracts:WorkspaceRequested")]
    [InlineData(ServiceName.Injector, "Workspaces.Contracts:UserKeysChanged")]
    [InlineData(ServiceName.Auditor, "Workspaces.Contracts:SessionOpened")]
    [InlineData(ServiceName.Proxy, "workspaces.events")]
    [InlineData(ServiceName.Proxy, "")] // the default exchange leads into every queue
    public async Task Publish_WhatBelongsToAnother_IsRefused(ServiceName service, string exchange)
    {
        await using var channel = await ConnectAsync(service);
        await TopologyDeclarer.DeclareAsync(channel, TestContext.Current.CancellationToken);

        await AssertRefusedAsync(() => channel.BasicPublishAsync(exchange, Topology.RequestsQueue, "{}"u8.ToArray()).AsTask());
    }

    [Theory]
    [InlineData(ServiceName.Proxy, Topology.RequestsQueue)]
    [InlineData(ServiceName.Requests, Topology.AuditorQueue)]
    [InlineData(ServiceName.Injector, Topology.ProvisionerQueue)]
    public async Task Consume_QueueOfAnother_IsRefused(ServiceName service, string queue)
    {
        await using var channel = await ConnectAsync(service);
        await TopologyDeclarer.DeclareAsync(channel, TestContext.Current.CancellationToken);

        await AssertRefusedAsync(() => channel.BasicConsumeAsync(queue, autoAck: true, new AsyncDefaultBasicConsumer(channel)));
    }

    [Fact]
    public async Task Bind_OwnExchangeIntoTheExchangeOfAnother_IsRefused()
    {
        await using var channel = await ConnectAsync(ServiceName.Proxy);
        await TopologyDeclarer.DeclareAsync(channel, TestContext.Current.CancellationToken);
        await channel.ExchangeDeclareAsync("proxy.smuggle", ExchangeType.Fanout);

        await AssertRefusedAsync(() => channel.ExchangeBindAsync("Workspaces.Contracts:InstanceUp", "proxy.smuggle", ""));
    }

    [Fact]
    public async Task Subscriber_QueueOfItsPrefix_IsBoundToTheFeedAndRead()
    {
        await using var channel = await SubscriberAsync();

        await channel.QueueDeclareAsync("team.q", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync("team.q", Topology.FeedExchange, "session.#");
        await channel.BasicConsumeAsync("team.q", autoAck: false, new AsyncDefaultBasicConsumer(channel));
    }

    [Fact]
    public async Task Subscriber_AnythingElse_IsRefused()
    {
        Func<IChannel, Task>[] attempts =
        [
            channel => channel.BasicPublishAsync(Topology.FeedExchange, "session.opened.bob", "{}"u8.ToArray()).AsTask(),
            channel => channel.BasicPublishAsync("Workspaces.Contracts:SessionOpened", "abc", "{}"u8.ToArray()).AsTask(),
            channel => channel.BasicPublishAsync("", Topology.AuditorQueue, "{}"u8.ToArray()).AsTask(),
            channel => channel.BasicConsumeAsync(Topology.AuditorQueue, autoAck: true, new AsyncDefaultBasicConsumer(channel)),
            channel => channel.QueueDeclareAsync("other.q", durable: true, exclusive: false, autoDelete: false),
            channel => channel.QueueDeleteAsync(Topology.AuditorQueue),
            channel => channel.ExchangeDeleteAsync(Topology.FeedExchange),
            channel => channel.QueueBindAsync(Topology.AuditorQueue, Topology.FeedExchange, "#"),
            async channel =>
            {
                await channel.QueueDeclareAsync("team.early", durable: true, exclusive: false, autoDelete: false);
                await channel.QueueBindAsync("team.early", "Workspaces.Contracts:SessionOpened", "#"); // before it is in the log
            },
        ];

        foreach (var attempt in attempts)
        {
            await using var channel = await SubscriberAsync();
            await AssertRefusedAsync(() => attempt(channel));
        }
    }

    [Theory]
    [InlineData("auditor")]
    [InlineData("workspaces")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData(".*")]
    public void Subscriber_NameThatReachesOthers_IsRefused(string team) => Assert.Throws<ArgumentException>(() => BrokerAccounts.Subscriber(team));

    private async Task<IChannel> SubscriberAsync()
    {
        await using (var services = await ConnectAsync(ServiceName.Auditor))
        {
            await TopologyDeclarer.DeclareAsync(services, TestContext.Current.CancellationToken);
        }

        var account = BrokerAccounts.Subscriber("team");
        var address = await broker.CreateAccountAsync(account.User, account.Configure, account.Write, account.Read);
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        return await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }

    private async Task<Uri> AccountAsync(ServiceName service)
    {
        var account = BrokerAccounts.Of(service);
        return await broker.CreateAccountAsync(account.User, account.Configure, account.Write, account.Read);
    }

    private async Task<IChannel> ConnectAsync(ServiceName service)
    {
        var connection = await new ConnectionFactory { Uri = await AccountAsync(service) }.CreateConnectionAsync();
        return await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }

    private static async Task AssertRefusedAsync(Func<Task> action)
    {
        var exception = await Assert.ThrowsAnyAsync<OperationInterruptedException>(action);
        Assert.Equal<int?>(AccessRefused, exception.ShutdownReason?.ReplyCode);
    }
}
