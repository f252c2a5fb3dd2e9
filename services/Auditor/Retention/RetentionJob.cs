using Microsoft.Extensions.Options;
using Npgsql;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Retention;

/// <summary>Runs the <see cref="Archiver"/> at an interval, in one Auditor at a time.</summary>
internal sealed class RetentionJob(Archiver archiver, NpgsqlDataSource database, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<RetentionJob> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await Turn.TryTakeAsync(database, LockKeys.Retention, stoppingToken);
                if (turn is not null)
                {
                    await archiver.RunAsync(stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // whatever was under way is done again next time
            }
            catch (Exception e)
            {
                RetentionLog.Failed(logger, e);
            }

            await Task.Delay(options.Value.Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
