using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Reading;

/// <summary>
/// Moves messages from the queue into the log, in the order of arrival. A batch is acknowledged only after its commit; whatever was
/// delivered and not acknowledged when a connection broke comes again, and the log leaves out what it has.
/// While the database is away the same batch is tried again, and the broker keeps the rest.
/// </summary>
internal sealed class LogQueueReader(BrokerAddress broker, TopologyGate topology, LogWriter log, LogQueueState state, ILogger<LogQueueReader> logger)
    : BackgroundService
{
    private const int LargestBatch = 500;

    /// <summary>Two batches: one being written while the next arrives.</summary>
    private const ushort Prefetch = 2 * LargestBatch;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff(LongestWait);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await topology.WaitAsync(stoppingToken);
                await ReadAsync(backOff, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                ReadingLog.ReadingFailed(logger, e);
            }
            finally
            {
                state.IsReading = false;
            }

            await backOff.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Reads until the connection is lost.</summary>
    private async Task ReadAsync(BackOff backOff, CancellationToken stoppingToken)
    {
        await using var connection = await broker.CreateFactory("log").CreateConnectionAsync(stoppingToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await channel.BasicQosAsync(prefetchSize: 0, Prefetch, global: false, stoppingToken);

        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var deliveries = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true }); // the prefetch bounds it
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The body's memory is the client's again after this handler, so the message is understood here.
            var message = EnvelopeReader.Read(delivery.Body, delivery.Exchange);
            return deliveries.Writer.WriteAsync(new Delivery(delivery.DeliveryTag, message), CancellationToken.None).AsTask();
        };
        channel.ChannelShutdownAsync += (_, _) => lost.CancelAsync();
        consumer.UnregisteredAsync += (_, _) => lost.CancelAsync(); // the queue was deleted
        await channel.BasicConsumeAsync(Topology.AuditorQueue, autoAck: false, consumer, stoppingToken);
        state.IsReading = true;
        backOff.Reset();
        ReadingLog.Reading(logger, Topology.AuditorQueue);
        try
        {
            await MoveAsync(deliveries.Reader, channel, lost.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            ReadingLog.ConnectionLost(logger);
        }
    }

    private async Task MoveAsync(ChannelReader<Delivery> deliveries, IChannel channel, CancellationToken cancellationToken)
    {
        var batch = new List<Delivery>(LargestBatch);
        while (await deliveries.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < LargestBatch && deliveries.TryRead(out var delivery))
            {
                batch.Add(delivery);
            }

            await StoreAsync([.. batch.Select(delivery => delivery.Message)], cancellationToken);
            await channel.BasicAckAsync(batch[^1].Tag, multiple: true, cancellationToken);
            batch.Clear();
        }
    }

    /// <summary>Does not return before the batch is in the log.</summary>
    private async Task StoreAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(LongestWait);
        while (true)
        {
            try
            {
                await log.AppendAsync(messages, cancellationToken);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                ReadingLog.StoringFailed(logger, messages.Count, e);
            }

            await backOff.WaitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private readonly record struct Delivery(ulong Tag, ReceivedMessage Message);
}
