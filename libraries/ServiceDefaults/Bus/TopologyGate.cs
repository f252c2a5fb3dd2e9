using MassTransit.Transports;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Closed until everything in <see cref="Topology"/> is declared, and again whenever the broker was lost since.</summary>
public sealed class TopologyGate : IReceiveEndpointDependency
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the topology is known to be there.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _open.Task.IsCompleted;
            }
        }
    }

    /// <summary>Completes when the topology is there for the first time: receive endpoints begin then.</summary>
    Task IReceiveEndpointDependency.Ready => _opened.Task;

    /// <summary>Waits until the topology is there.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _open.Task.WaitAsync(cancellationToken);
        }
    }

    internal void Open()
    {
        lock (_lock)
        {
            _open.TrySetResult();
            _opened.TrySetResult();
        }
    }

    internal void Close()
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted)
            {
                _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
