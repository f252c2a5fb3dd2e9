using System.Diagnostics;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using Workspaces.Contracts;
using Workspaces.Requests.Storage;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Requests.Publishing;

/// <summary>
/// The event log is the outbox: follows it from the last checkpoint and publishes what others must hear. An event counts as
/// published when the broker has confirmed it, and the checkpoint moves after that; what dies in between is published again with
/// the same id. Streams keep their order, different streams go side by side.
/// </summary>
public sealed class EventOutbox : SubscriptionBase
{
    /// <summary>Part of the checkpoint's identity in the database: never change it.</summary>
    public const string ShardName = "outbox";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly ActivitySource Tracing = new("Workspaces.Requests");

    private readonly IEventPublisher _publisher;
    private readonly ILogger<EventOutbox> _logger;

    /// <summary>Subscribes to the events that Requests publishes; what workers report is in the log too and stays there.</summary>
    public EventOutbox(IEventPublisher publisher, ILogger<EventOutbox> logger)
    {
        _publisher = publisher;
        _logger = logger;
        Name = ShardName;
        IncludeType<WorkspaceRequested>();
        IncludeType<WorkspaceStartRequested>();
        IncludeType<WorkspaceStopRequested>();
        IncludeType<WorkspaceDeletionRequested>();
        IncludeType<UserKeysChanged>();
    }

    /// <inheritdoc/>
    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var streams = page.Events.GroupBy(stored => stored.StreamKey);
        await Task.WhenAll(streams.Select(stream => PublishInOrderAsync(stream, cancellationToken)));
        return NullChangeListener.Instance;
    }

    private async Task PublishInOrderAsync(IEnumerable<IEvent> stream, CancellationToken cancellationToken)
    {
        foreach (var stored in stream)
        {
            if (stored.Data is IWorkspaceEvent happened)
            {
                using var activity = Tracing.StartActivity(
                    $"{happened.GetType().Name} publish", ActivityKind.Producer, stored.GetHeader(WritingSessions.TraceParent)?.ToString());
                await PublishAsync(happened, cancellationToken);
            }
        }
    }

    /// <summary>Tries without limit: a subscription that throws stops for good, and order forbids to leave one out.</summary>
    private async Task PublishAsync(IWorkspaceEvent happened, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(LongestWait);
        while (true)
        {
            try
            {
                await _publisher.PublishAsync(happened, cancellationToken);
                return;
            }
            catch (EventNotPublishedException exception)
            {
                PublishingLog.NotPublished(_logger, happened.GetType().Name, happened.EventId, exception);
                await backOff.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
