using Marten;
using Workspaces.Contracts;
using Workspaces.Requests.Lifetimes;
using Workspaces.Requests.Storage;

namespace Workspaces.Requests.Workspaces;

/// <summary>
/// Streams of workspaces: loads state, lets a pure function decide, appends. A change locks its stream first instead of failing
/// afterwards, because each rolled-back append leaves a gap in the log that holds up publishing.
/// </summary>
public sealed class WorkspaceStore(IDocumentStore store, WorkspaceChanges changes, TimeProvider clock, ILogger<WorkspaceStore> logger)
{
    /// <summary>The workspace with this id (also when it is gone), or with this name.</summary>
    public async Task<Workspace?> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        if (WorkspaceId.IsValid(idOrName) && await session.LoadAsync<Workspace>(idOrName, cancellationToken) is { } byId)
        {
            return byId;
        }

        return await session.LoadAsync<NameReservation>(idOrName, cancellationToken) is { WorkspaceId: { } id }
            ? await session.LoadAsync<Workspace>(id, cancellationToken)
            : null;
    }

    /// <summary>What an earlier request with the same idempotency key led to, as long as it is remembered.</summary>
    public async Task<IdempotencyRecord?> FindAnswerAsync(string key, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var record = await session.LoadAsync<IdempotencyRecord>(key, cancellationToken);
        return record is not null && clock.GetUtcNow() - record.CreatedAt < IdempotencyRecord.Lifetime ? record : null;
    }

    /// <summary>Stores a new workspace with its name and, where given, what its idempotency key led to: all or nothing.</summary>
    public async Task<CreationOutcome> CreateAsync(WorkspaceRequested requested, IdempotencyRecord? answer, CancellationToken cancellationToken)
    {
        await using var session = store.WritingSession();
        if (await session.LoadAsync<NameReservation>(requested.Name, cancellationToken) is not null)
        {
            return CreationOutcome.NameTaken;
        }

        session.Insert(new NameReservation { Id = requested.Name, WorkspaceId = requested.WorkspaceId });
        if (answer is not null)
        {
            // One that is too old to be remembered makes room.
            var forgotten = answer.CreatedAt - IdempotencyRecord.Lifetime;
            session.DeleteWhere<IdempotencyRecord>(record => record.Id == answer.Id && record.CreatedAt <= forgotten);
            session.Insert(answer);
        }

        session.Events.StartStream<Workspace>(requested.WorkspaceId, requested);
        try
        {
            await session.SaveChangesAsync(cancellationToken);
        }
        catch (Exception exception) when (AlreadyThere.TypesIn(exception) is { Count: > 0 })
        {
            return AlreadyThere.TypesIn(exception).Contains(typeof(IdempotencyRecord)) ? CreationOutcome.KeyTaken : CreationOutcome.NameTaken;
        }

        changes.Signal(requested.WorkspaceId);
        return CreationOutcome.Created;
    }

    /// <summary>Changes an existing workspace as <paramref name="decide"/> says.</summary>
    public async Task<(Workspace Workspace, WorkspaceRefusal? Refusal)> ChangeAsync(
        string id, Func<Workspace, DateTimeOffset, Decision> decide, CancellationToken cancellationToken)
    {
        await using var session = store.WritingSession();
        var stream = await session.Events.FetchForExclusiveWriting<Workspace>(id, cancellationToken);
        var workspace = stream.Aggregate ?? throw new InvalidOperationException($"There is no workspace {id}.");
        var decision = decide(workspace, clock.GetUtcNow());
        if (decision.Refusal is not null || decision.Events.Count == 0)
        {
            return (workspace, decision.Refusal);
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(cancellationToken);
        changes.Signal(id);
        return (decision.Events.Aggregate(workspace, (state, happened) => WorkspaceEvolution.Apply(state, happened)!), null);
    }

    /// <summary>Takes in what a worker reports. Safe to call twice and in any order.</summary>
    public async Task ObserveAsync(IWorkspaceScopedEvent fact, CancellationToken cancellationToken)
    {
        await using var session = store.WritingSession();
        var stream = await session.Events.FetchForExclusiveWriting<Workspace>(fact.WorkspaceId, cancellationToken);
        if (stream.Aggregate is not { } workspace)
        {
            WorkspacesLog.UnknownWorkspace(logger, fact.GetType().Name, fact.WorkspaceId);
            return;
        }

        if (!FactDecider.IsNews(workspace, fact))
        {
            WorkspacesLog.NotNews(logger, fact.GetType().Name, fact.WorkspaceId, fact.Generation, workspace.Generation);
            return;
        }

        stream.AppendOne(fact);
        if (fact is WorkspaceDeleted)
        {
            session.Delete<NameReservation>(workspace.Name);
            session.Delete<WorkspaceUsage>(workspace.Id);
        }

        await session.SaveChangesAsync(cancellationToken);
        changes.Signal(fact.WorkspaceId);
    }
}
