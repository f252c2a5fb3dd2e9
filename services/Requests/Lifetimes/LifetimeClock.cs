using Marten;
using Microsoft.Extensions.Options;
using Workspaces.Contracts;
using Workspaces.Requests.Storage;
using Workspaces.Requests.Workspaces;

namespace Workspaces.Requests.Lifetimes;

/// <summary>
/// The clock of the installation: deletes what is past its time to live, and stops what nobody uses. Runs in every replica without
/// asking who leads: the decider makes the second command to the same workspace a change of nothing.
/// </summary>
public sealed class LifetimeClock(
    IDocumentStore store, WorkspaceStore workspaces, UsageStore usages, StoreGate gate,
    TimeProvider clock, IOptions<LifetimesOptions> options, ILogger<LifetimeClock> logger) : BackgroundService
{
    /// <summary>Who the events name as having asked.</summary>
    private const string RequestedBy = "system";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.WaitAsync(stoppingToken);
        var idleFrom = clock.GetUtcNow() + options.Value.IdleGrace;
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DeleteExpiredAsync(stoppingToken);
                if (clock.GetUtcNow() >= idleFrom)
                {
                    await StopIdleAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Nothing is lost: what is due is still due at the next tick.
                LifetimesLog.TickFailed(logger, exception);
            }
        }
    }

    private async Task DeleteExpiredAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var session = store.QuerySession();
        var expired = await session.Query<Workspace>()
            .Where(workspace => workspace.DeletedAt == null && workspace.ExpiresAt != null && workspace.ExpiresAt <= now && workspace.Desired != DesiredState.Deleted)
            .ToListAsync(cancellationToken);
        foreach (var workspace in expired)
        {
            // Decided on the state under lock: it may have been extended since it was read.
            await workspaces.ChangeAsync(
                workspace.Id,
                (state, at) => state.ExpiresAt <= at ? WorkspaceDecider.Delete(state, RequestedBy, ChangeReason.Expired, at) : Decision.Nothing,
                cancellationToken);
            LifetimesLog.Expired(logger, workspace.Id, workspace.Name, workspace.ExpiresAt);
        }
    }

    private async Task StopIdleAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var ready = await session.Query<Workspace>()
            .Where(workspace => workspace.DeletedAt == null && workspace.State == WorkspaceState.Ready && workspace.Blueprint.Lifetime!.IdleStop != null)
            .ToListAsync(cancellationToken);
        var lastUsed = await usages.FindAsync([.. ready.Select(workspace => workspace.Id)], cancellationToken);
        foreach (var workspace in ready)
        {
            DateTimeOffset? usedAt = lastUsed.TryGetValue(workspace.Id, out var at) ? at : null;
            if (IdlePolicy.StopAt(workspace, usedAt) is { } stopAt && stopAt <= clock.GetUtcNow())
            {
                await workspaces.ChangeAsync(
                    workspace.Id,
                    (state, now) => IdlePolicy.StopAt(state, usedAt) <= now ? WorkspaceDecider.Stop(state, RequestedBy, ChangeReason.Idle, now) : Decision.Nothing,
                    cancellationToken);
                LifetimesLog.Idle(logger, workspace.Id, workspace.Name, workspace.Blueprint.Lifetime?.IdleStop);
            }
        }
    }
}
