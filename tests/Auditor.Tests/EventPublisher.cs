using RabbitMQ.Client;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Tests;

/// <summary>Publishes events in order, each until the broker has confirmed it: over a broken connection again from the first one that was not.</summary>
internal sealed class EventPublisher(Uri broker)
{
    private const int InFlight = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _confirmed;

    /// <summary>How many have been confirmed.</summary>
    public int Confirmed => Volatile.Read(ref _confirmed);

    /// <summary>Waits until so many are confirmed. Publishing that failed says why, instead of being waited for in vain.</summary>
    public Task UntilAsync(int count, Task publishing, TimeSpan patience) => Eventually.TrueAsync(
        async () =>
        {
            if (publishing.IsCompleted)
            {
                await publishing;
            }

            return Confirmed >= count;
        },
        $"{count} events are published ({Confirmed} were when this began)",
        patience);

    public async Task PublishAsync(IReadOnlyList<IWorkspaceEvent> events, CancellationToken cancellationToken)
    {
        while (Confirmed < events.Count)
        {
            try
            {
                await PublishRestAsync(events, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested
                && e is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or TimeoutException or ObjectDisposedException or OperationCanceledException)
            {
                await Task.Delay(Pause, cancellationToken); // the broker is away
            }
        }
    }

    private async Task PublishRestAsync(IReadOnlyList<IWorkspaceEvent> events, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var pending = new Queue<Task>();
        for (var next = Confirmed; next < events.Count || pending.Count > 0;)
        {
            if (next < events.Count && pending.Count < InFlight)
            {
                var e = events[next++];
                var properties = new BasicProperties { Persistent = true, ContentType = "application/vnd.masstransit+json" };
                pending.Enqueue(channel.BasicPublishAsync(Messages.ExchangeOf(e), "abc", mandatory: true, properties, Messages.EnvelopeOf(e), cancellationToken).AsTask());
            }
            else
            {
                await pending.Dequeue();
                Interlocked.Increment(ref _confirmed);
            }
        }
    }
}
