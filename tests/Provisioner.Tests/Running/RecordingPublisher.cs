using System.Collections.Concurrent;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>The broker as a worker sees it: it confirms and keeps, or is told to fail.</summary>
internal sealed class RecordingPublisher : IEventPublisher
{
    private readonly ConcurrentQueue<IWorkspaceEvent> _published = new();

    /// <summary>Decides what becomes of each event.</summary>
    public Func<IWorkspaceEvent, Delivery> Deliver { get; set; } = _ => Delivery.Confirmed;

    /// <summary>Everything in order of arrival, repetitions included.</summary>
    public IReadOnlyList<IWorkspaceEvent> All => [.. _published];

    /// <summary>Events of one workspace as a consumer that drops duplicates reads them.</summary>
    public IReadOnlyList<IWorkspaceScopedEvent> Of(string workspaceId) =>
        [.. _published.OfType<IWorkspaceScopedEvent>().Where(each => each.WorkspaceId == workspaceId).DistinctBy(each => each.EventId)];

    public Task PublishAsync(IWorkspaceEvent workspaceEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var delivery = Deliver(workspaceEvent);
        if (delivery != Delivery.Refused)
        {
            _published.Enqueue(workspaceEvent);
        }

        return delivery == Delivery.Confirmed ? Task.CompletedTask : throw new EventNotPublishedException("The broker is away.");
    }
}
