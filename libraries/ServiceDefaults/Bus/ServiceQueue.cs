using MassTransit;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Connects and disconnects the receive endpoint of the service's durable queue at run time.</summary>
internal sealed class ServiceQueue(IReceiveEndpointConnector connector, DurableQueue queue) : IServiceQueue, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private HostReceiveEndpointHandle? _endpoint;

    public bool IsReading => _endpoint is not null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _endpoint ??= connector.ConnectReceiveEndpoint(
                queue.Name,
                (context, endpoint) => ServiceEndpoints.ConfigureDurable((IRabbitMqReceiveEndpointConfigurator)endpoint, queue, context));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_endpoint is { } endpoint)
            {
                await endpoint.StopAsync(cancellationToken);
                _endpoint = null;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
