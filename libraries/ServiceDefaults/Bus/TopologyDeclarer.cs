using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// Declares <see cref="Topology"/> on the broker, and again after every loss of the connection: a broker that comes back may have
/// come back empty. Declaring is idempotent, so all services do it; the <see cref="TopologyGate"/> tells publishers when.
/// </summary>
internal sealed class TopologyDeclarer(BrokerAddress address, TopologyGate gate, ILogger<TopologyDeclarer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await address.CreateFactory("topology").CreateConnectionAsync(stoppingToken);
                var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                connection.ConnectionShutdownAsync += (_, _) =>
                {
                    lost.TrySetResult();
                    return Task.CompletedTask;
                };
                await using (var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken))
                {
                    await DeclareAsync(channel, stoppingToken);
                }

                gate.Open();
                backOff.Reset();
                BusLog.TopologyDeclared(logger);
                await lost.Task.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Broker away, or it refuses something: both need an operator or time, and the service lives on until then.
                BusLog.TopologyFailed(logger, e);
            }
            finally
            {
                gate.Close();
            }

            await backOff.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Declares everything, exchanges before the queues that are bound to them.</summary>
    internal static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        foreach (var exchange in Topology.Exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange.Name, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        }

        await channel.ExchangeDeclareAsync(Topology.FeedExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        foreach (var queue in Topology.Queues)
        {
            await channel.QueueDeclareAsync(
                queue.Name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                arguments: Topology.ArgumentsOf(queue).ToDictionary(),
                cancellationToken: cancellationToken);
            foreach (var binding in queue.Bindings)
            {
                await channel.QueueBindAsync(queue.Name, binding.Exchange.Name, binding.RoutingKey, cancellationToken: cancellationToken);
            }
        }
    }
}
