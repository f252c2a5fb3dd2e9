using Microsoft.Extensions.Options;
using Npgsql;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Webhooks;

/// <summary>
/// Runs a <see cref="DeliveryPump"/> for each subscription, in one Auditor at a time, under an advisory lock. A subscription that changed
/// gets a new pump; one whose pump failed gets another after a while. No pump waits for another.
/// </summary>
internal sealed class WebhookDispatcher(
    NpgsqlDataSource database, WebhookStore store, LogReader log, LogSignal logSignal, SubscriptionSignal changes, Deliverer deliverer,
    SecretRotation rotation, IOptions<DeliveryOptions> options, TimeProvider clock, ILogger<WebhookDispatcher> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Housekeeping = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff(LongestWait);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await Turn.TryTakeAsync(database, LockKeys.Webhooks, stoppingToken);
                if (turn is not null)
                {
                    await DispatchAsync(turn, backOff, stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // whatever was under way ends in its own way
            }
            catch (Exception e)
            {
                WebhookLog.DispatchingFailed(logger, e);
            }

            await backOff.WaitAsync(stoppingToken);
        }
    }

    private async Task DispatchAsync(Turn turn, BackOff backOff, CancellationToken stoppingToken)
    {
        var running = new Dictionary<string, Running>();
        DateTimeOffset? cleaned = null;
        WebhookLog.Dispatching(logger);
        await rotation.RunAsync(stoppingToken);
        try
        {
            while (true)
            {
                await turn.KeepAsync(stoppingToken);
                await ReconcileAsync(running, stoppingToken);
                backOff.Reset();
                var now = clock.GetUtcNow();
                if (cleaned is null || now - cleaned > Housekeeping)
                {
                    await store.ForgetAsync(now - options.Value.KeepDelivered, now - options.Value.KeepDead, stoppingToken);
                    cleaned = now;
                }

                await changes.WaitAsync(stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(running.Values.Select(pump => pump.StopAsync()));
        }
    }

    private async Task ReconcileAsync(Dictionary<string, Running> running, CancellationToken stoppingToken)
    {
        var wanted = (await store.AllAsync(stoppingToken)).ToDictionary(subscription => subscription.Id);
        foreach (var (id, pump) in running.ToList())
        {
            if (!wanted.TryGetValue(id, out var subscription) || subscription.Version != pump.Version)
            {
                await pump.StopAsync();
                running.Remove(id);
            }
        }

        foreach (var subscription in wanted.Values.Where(subscription => !running.ContainsKey(subscription.Id)))
        {
            running[subscription.Id] = new Running(subscription.Version, token => RunAsync(subscription, token), stoppingToken);
        }
    }

    private async Task RunAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var backOff = new BackOff();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await new DeliveryPump(subscription, store, log, logSignal, deliverer, options.Value, clock).RunAsync(cancellationToken);
                return;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                WebhookLog.SubscriptionFailed(logger, subscription.Id, e);
            }

            await backOff.WaitAsync(cancellationToken);
        }
    }

    private sealed class Running
    {
        private readonly CancellationTokenSource _stop;
        private readonly Task _task;

        public Running(int version, Func<CancellationToken, Task> run, CancellationToken stoppingToken)
        {
            Version = version;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _task = Task.Run(() => run(_stop.Token), CancellationToken.None);
        }

        public int Version { get; }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _task;
            _stop.Dispose();
        }
    }
}
