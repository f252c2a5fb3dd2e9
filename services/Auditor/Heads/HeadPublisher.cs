using Marten;
using Microsoft.Extensions.Options;
using Npgsql;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Heads;

/// <summary>
/// Signs the head of the log at an interval and publishes it at <c>/v1/log/heads</c>, for others to keep: whoever computes the whole chain anew
/// after changing an entry cannot make the heads that others have.
/// </summary>
internal sealed class HeadPublisher(
    HeadSigner signer, LogReader log, IDocumentStore store, NpgsqlDataSource database, IOptions<HeadOptions> options, TimeProvider clock, ILogger<HeadPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>Signs the head if it moved since the last time; false where the log has no entry yet.</summary>
    public async Task<bool> PublishAsync(CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(cancellationToken);
        if (head.Last == 0)
        {
            return false;
        }

        await using var session = store.LightweightSession();
        if (await session.LoadAsync<SignedHead>(head.Last, cancellationToken) is not null)
        {
            return true;
        }

        var now = clock.GetUtcNow();
        session.Store(new SignedHead { Id = head.Last, At = now, Jws = signer.Sign(new HeadStatement(head.Last, head.Hash, now)) });
        await session.SaveChangesAsync(cancellationToken);
        HeadLog.Published(logger, head.Last, head.Hash);
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (signer.CanSign && !stoppingToken.IsCancellationRequested)
        {
            var done = false;
            try
            {
                await using var turn = await Turn.TryTakeAsync(database, LockKeys.SignedHeads, stoppingToken);
                done = turn is null || await PublishAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                HeadLog.Failed(logger, e);
            }

            // The first entry of a log is signed soon, and what failed is tried again soon.
            var wait = done || options.Value.Interval < Soon ? options.Value.Interval : Soon;
            await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
