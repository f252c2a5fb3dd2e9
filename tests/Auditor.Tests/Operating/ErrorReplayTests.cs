using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;
using Workspaces.Auditor.Operating;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.Auditor.Tests.Operating;

public sealed class ErrorReplayTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    [Fact]
    public async Task RunAsync_Messages_GoBackInOrderWithoutTheNotesOnTheFailure()
    {
        await using var channel = await OpenAsync();
        await channel.QueueDeclareAsync("q", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync("q_error", durable: true, exclusive: false, autoDelete: false);
        foreach (var body in new[] { "one", "two" })
        {
            var properties = new BasicProperties
            {
                MessageId = body,
                ContentType = "application/vnd.masstransit+json",
                Headers = new Dictionary<string, object?> { ["MT-Fault-Message"] = "no", ["MT-Activity-Id"] = "trace" },
            };
            await channel.BasicPublishAsync("", "q_error", mandatory: true, properties, System.Text.Encoding.UTF8.GetBytes(body));
        }

        var count = await ErrorReplay.RunAsync(Address(), "q", TestContext.Current.CancellationToken);

        Assert.Equal(2u, count);
        Assert.Equal(0u, await channel.MessageCountAsync("q_error"));
        var first = (await channel.BasicGetAsync("q", autoAck: true))!;
        Assert.Equal(("one", "application/vnd.masstransit+json"), (first.BasicProperties.MessageId, first.BasicProperties.ContentType));
        Assert.True(first.BasicProperties.Headers!.ContainsKey("MT-Activity-Id"));
        Assert.False(first.BasicProperties.Headers.ContainsKey("MT-Fault-Message"));
        Assert.Equal("two", (await channel.BasicGetAsync("q", autoAck: true))!.BasicProperties.MessageId);
    }

    [Fact]
    public async Task RunAsync_QueueIsGone_KeepsTheMessage()
    {
        await using var channel = await OpenAsync();
        await channel.QueueDeclareAsync("gone_error", durable: true, exclusive: false, autoDelete: false);
        await channel.BasicPublishAsync("", "gone_error", "body"u8.ToArray());

        await Assert.ThrowsAnyAsync<RabbitMQ.Client.Exceptions.RabbitMQClientException>(
            () => ErrorReplay.RunAsync(Address(), "gone", TestContext.Current.CancellationToken));

        Assert.Equal(1u, await channel.MessageCountAsync("gone_error"));
    }

    private BrokerAddress Address()
    {
        var configuration = new ConfigurationManager { ["ConnectionStrings:rabbitmq"] = broker.ConnectionString.AbsoluteUri };
        return new BrokerAddress(configuration, ServiceName.Auditor);
    }

    private async Task<IChannel> OpenAsync()
    {
        var connection = await new ConnectionFactory { Uri = broker.ConnectionString }.CreateConnectionAsync();
        return await connection.CreateChannelAsync();
    }
}
