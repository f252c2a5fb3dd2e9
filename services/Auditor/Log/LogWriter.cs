using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace Workspaces.Auditor.Log;

/// <summary>
/// Appends to the log: once (an event id that is there already is left out), in the order given, without gaps. Every append takes an
/// advisory lock for the length of its transaction and reads the head under it, so that several Auditors, or one that only
/// seems to be dead, cannot break the sequence or the chain.
/// </summary>
public sealed class LogWriter(NpgsqlDataSource database, IDocumentStore store, LogSignal signal, TimeProvider clock)
{
    private static readonly Type[] Stored = [typeof(LogEntry), typeof(LogHead), typeof(WorkspaceFacts), typeof(InstanceFacts)];

    /// <summary>Appends, commits, and returns the new head. After an exception the caller tries the same messages again.</summary>
    public async Task<LogHead> AppendAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        // Schema changes take a connection of their own, so they must be done before the transaction.
        foreach (var type in Stored)
        {
            await store.Storage.Database.EnsureStorageExistsAsync(type, cancellationToken);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LogLock.TakeAsync(connection, cancellationToken);

        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        var head = await session.LoadAsync<LogHead>(LogHead.OnlyId, cancellationToken) ?? new LogHead();
        var fresh = await WithoutDuplicatesAsync(session, messages, cancellationToken);
        if (fresh.Count == 0)
        {
            return head;
        }

        var facts = await KnownFacts.LoadAsync(session, fresh, cancellationToken);
        session.StoreObjects(fresh.SelectMany(facts.Learn).ToList());
        var entries = Chain(head, fresh, facts, clock.GetUtcNow());
        head = head with { Last = entries[^1].Sequence, Hash = entries[^1].Hash };
        session.Insert<LogEntry>(entries);
        session.Store(head);
        await session.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        signal.Raise(head.Last);
        return head;
    }

    /// <summary>Gives messages their places: a pure function, so that the chain can be tested without a database.</summary>
    internal static LogEntry[] Chain(LogHead head, IReadOnlyList<ReceivedMessage> messages, KnownFacts facts, DateTimeOffset now)
    {
        var entries = new LogEntry[messages.Count];
        var (sequence, previous) = (head.Last, head.Hash);
        for (var i = 0; i < entries.Length; i++)
        {
            var message = messages[i];
            var entry = new LogEntry
            {
                Sequence = ++sequence,
                EventId = message.EventId,
                Type = message.Type,
                WorkspaceId = message.WorkspaceId,
                Owner = facts.OwnerOf(message),
                User = message.User,
                SessionId = message.SessionId,
                InstanceId = message.InstanceId,
                Target = facts.TargetOf(message),
                OccurredAt = message.OccurredAt ?? now,
                StoredAt = now,
                TraceParent = message.TraceParent,
                MessageForm = message.MessageForm,
                Message = message.Message,
                Problem = message.Problem,
                MessageHash = LogHash.OfMessage(message.Message),
                PreviousHash = previous,
                Hash = "",
            };
            entries[i] = entry with { Hash = LogHash.Of(entry) };
            previous = entries[i].Hash;
        }

        return entries;
    }

    private static async Task<IReadOnlyList<ReceivedMessage>> WithoutDuplicatesAsync(
        IDocumentSession session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var distinct = messages.DistinctBy(message => message.EventId).ToList();
        var ids = distinct.Select(message => message.EventId).ToArray();
        var known = await session.Query<LogEntry>()
            .Where(entry => entry.EventId.IsOneOf(ids))
            .Select(entry => entry.EventId)
            .ToListAsync(cancellationToken);
        return known.Count == 0 ? distinct : distinct.ExceptBy(known, message => message.EventId).ToList();
    }
}
