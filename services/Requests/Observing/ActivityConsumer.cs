using MassTransit;
using Workspaces.Contracts;
using Workspaces.Requests.Lifetimes;

namespace Workspaces.Requests.Observing;

/// <summary>Takes in which workspaces are used.</summary>
public sealed class ActivityConsumer(UsageStore usages) : IConsumer<WorkspaceActivity>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceActivity> context) => usages.ReportAsync(context.Message, context.CancellationToken);
}
