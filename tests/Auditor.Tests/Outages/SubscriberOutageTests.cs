using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using Workspaces.Auditor.Tests.Log;
using Workspaces.Contracts;
using Workspaces.LocalSuite.Processes;
using Workspaces.ServiceDefaults.Bus;
using Xunit;
using Server = Workspaces.Auditor.Tests.Outages.KillableServers.Server;

namespace Workspaces.Auditor.Tests.Outages;

/// <summary>
/// Auditor, PostgreSQL, RabbitMQ, a webhook receiver, an SSE client and an AMQP subscriber are killed (SIGKILL) at random moments while events stream through:
/// the log has each event once and in order, and every subscriber has every event. WORKSPACES_OUTAGE_EVENTS makes it longer,
/// WORKSPACES_OUTAGE_SEED repeats a run.
/// </summary>
public sealed class SubscriberOutageTests
{
    private const int DefaultEvents = 6000;
    private const int WorkspaceCount = 20;
    private const string Queue = "team.everything";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task EverythingAndEverySubscriberIsKilled_EachHasEveryEvent()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var count = Number("WORKSPACES_OUTAGE_EVENTS", DefaultEvents);
        var seed = Number("WORKSPACES_OUTAGE_SEED", Environment.TickCount);
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"WORKSPACES_OUTAGE_SEED={seed}");
        var events = Enumerable.Range(0, count).Select(IWorkspaceEvent (i) => Messages.Ready($"w{(char)('a' + (i % WorkspaceCount))}")).ToList();
        await using var requests = await FakeRequests.StartAsync();
        await using var servers = new KillableServers { Requests = requests.Url };
        await servers.StartAsync(cancellation);
        using var log = new LogDatabase(servers.Postgres);
        var port = Ports.Free(1)[0];
        var secret = await SubscribeAsync(servers, port);
        Subscriber[] subscribers =
        [
            new("webhook", servers.Folder, ("PORT", $"{port}"), ("WEBHOOK_SECRET", secret)),
            new("sse", servers.Folder, ("AUDITOR_URL", servers.Auditor.ToString().TrimEnd('/'))),
            new("amqp", servers.Folder, ("AMQP_URL", servers.RabbitMq.AbsoluteUri), ("QUEUE", Queue)),
        ];
        try
        {
            Array.ForEach(subscribers, subscriber => subscriber.Start());
            var publisher = new EventPublisher(servers.RabbitMq);
            var publishing = publisher.PublishAsync(events, cancellation);

            // Everybody once, in a random order, at random moments.
            Func<Task>[] outages =
            [
                .. Enum.GetValues<Server>().Select(server => (Func<Task>)(() =>
                {
                    servers.Kill(server);
                    return servers.StartAsync(server, cancellation);
                })),
                .. subscribers.Select(subscriber => (Func<Task>)(async () =>
                {
                    await subscriber.KillAsync();
                    subscriber.Start();
                })),
            ];
            random.Shuffle(outages);
            foreach (var (outage, due) in outages.Zip(outages.Select(_ => random.Next(count / 20, count)).Order().ToList()))
            {
                await publisher.UntilAsync(due, publishing, Patience);
                await outage();
            }

            await publishing;
            foreach (var subscriber in subscribers)
            {
                await Eventually.TrueAsync(
                    () => subscriber.Count == count, $"{subscriber.Name} has all {count} events. {subscriber.Errors}", Patience);
            }

            var entries = await log.AllAsync();
            Assert.Equal(events.Select(e => e.EventId), entries.Select(entry => entry.EventId));
            LogAssert.IsWhole(entries);
            var logged = entries.Select(entry => (entry.Sequence, entry.EventId.ToString())).ToList();
            Assert.All(subscribers, subscriber => Assert.Equal(logged, subscriber.Received().DistinctBy(received => received.Id).OrderBy(received => received.Sequence)));

            // Server-Sent Events and the broker's feed keep the order of the log: what comes for the first time comes after what came before.
            Assert.All(subscribers[1..], subscriber => Assert.Equal(logged, subscriber.Received().DistinctBy(received => received.Id)));
        }
        finally
        {
            Array.ForEach(subscribers, subscriber => subscriber.Dispose());
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) ?? $"{otherwise}", CultureInfo.InvariantCulture);

    /// <summary>Makes the queue and the webhook subscription, and returns the subscription's secret.</summary>
    private static async Task<string> SubscribeAsync(KillableServers servers, int port)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = await new ConnectionFactory { Uri = servers.RabbitMq }.CreateConnectionAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(Topology.FeedExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellation);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-single-active-consumer"] = true }; // by which a queue keeps its order
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, quorum, cancellationToken: cancellation);
        await channel.QueueBindAsync(Queue, Topology.FeedExchange, "#", cancellationToken: cancellation);

        using var client = new HttpClient { BaseAddress = servers.Auditor };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "token");
        HttpResponseMessage? created = null;
        await Eventually.TrueAsync(
            async () =>
            {
                created = await client.PostAsJsonAsync("/v1/subscriptions", new { url = $"http://127.0.0.1:{port}/", after = 0 }, cancellation);
                return created.IsSuccessStatusCode; // the database may not have its tables yet
            },
            "the subscription is made",
            Patience);
        return (string)(await created!.Content.ReadFromJsonAsync<JsonNode>(cancellation))!["secret"]!;
    }
}
