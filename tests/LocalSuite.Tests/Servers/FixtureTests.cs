using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Workspaces.Support;
using Xunit;

namespace Workspaces.LocalSuite.Tests.Servers;

/// <summary>What every other test project builds on: a database and a virtual host of one's own.</summary>
public sealed class FixtureTests(PostgresFixture postgres, RabbitMqFixture broker) : IClassFixture<PostgresFixture>, IClassFixture<RabbitMqFixture>
{
    [Fact]
    public async Task Postgres_ConnectionString_LeadsToAnEmptyDatabaseThatIsOurs()
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("CREATE TABLE things (id int); SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", connection);

        Assert.Equal(1L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("test_", connection.Database, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RabbitMq_QuorumQueue_KeepsWhatIsPublished()
    {
        await using var connection = await ConnectAsync(broker.ConnectionString);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), TestContext.Current.CancellationToken);
        await channel.QueueDeclareAsync("kept", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });

        await channel.BasicPublishAsync("", "kept", new byte[] { 42 }, TestContext.Current.CancellationToken);

        var message = await channel.BasicGetAsync("kept", autoAck: true, TestContext.Current.CancellationToken);
        Assert.Equal([42], message!.Body.ToArray());
        Assert.Contains(await broker.QueuesAsync(), queue => (string?)queue!["name"] == "kept" && (string?)queue["type"] == "quorum");
    }

    [Fact]
    public async Task RabbitMq_AccountWithoutPermission_IsRefused()
    {
        var address = await broker.CreateAccountAsync("reader", configure: "^mine$", write: "^$", read: ".*");
        await using var connection = await ConnectAsync(address);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync("others", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(403, refusal.ShutdownReason!.ReplyCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task RabbitMq_CloseConnections_EndsConnectionsOfThisVirtualHost()
    {
        await using var connection = await ConnectAsync(broker.ConnectionString);
        var closed = new TaskCompletionSource();
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };

        // The broker lists a connection a moment after it has accepted it.
        while (!closed.Task.IsCompleted)
        {
            await broker.CloseConnectionsAsync();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Task<IConnection> ConnectAsync(Uri address) =>
        new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(TestContext.Current.CancellationToken);
}
