using System.Collections.Concurrent;
using MassTransit;
using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Tests.Bus;

/// <summary>What consumers of a test got, and how they shall react.</summary>
internal sealed class Inbox
{
    public ConcurrentQueue<IWorkspaceEvent> Handled { get; } = [];

    public ConcurrentQueue<Guid?> Attempts { get; } = [];

    /// <summary>Called with each event before it counts as handled; may throw.</summary>
    public Func<IWorkspaceEvent, CancellationToken, Task> Handle { get; set; } = (_, _) => Task.CompletedTask;

    public async Task TakeAsync<T>(ConsumeContext<T> context)
        where T : class, IWorkspaceEvent
    {
        Attempts.Enqueue(context.MessageId);
        await Handle(context.Message, context.CancellationToken);
        Handled.Enqueue(context.Message);
    }
}

internal sealed class InboxConsumer<T>(Inbox inbox) : IConsumer<T>
    where T : class, IWorkspaceEvent
{
    public Task Consume(ConsumeContext<T> context) => inbox.TakeAsync(context);
}
