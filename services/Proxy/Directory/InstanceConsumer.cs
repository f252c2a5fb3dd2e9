using MassTransit;
using Workspaces.Contracts;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Directory;

/// <summary>Instances that come and go.</summary>
public sealed class InstanceConsumer(RoutingTable routes, TimeProvider time) : IConsumer<InstanceUp>, IConsumer<InstanceDown>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<InstanceUp> context)
    {
        routes.Apply(context.Message, time.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<InstanceDown> context)
    {
        routes.Apply(context.Message);
        return Task.CompletedTask;
    }
}
