using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>The queue of a worker whose commands the tests hand over themselves.</summary>
internal sealed class IdleServiceQueue : IServiceQueue
{
    public bool IsReading { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IsReading = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        IsReading = false;
        return Task.CompletedTask;
    }
}
