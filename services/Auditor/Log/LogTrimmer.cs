using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace Workspaces.Auditor.Log;

/// <summary>Takes away the beginning of the log, after it was archived: the only way in which entries leave it.</summary>
public sealed class LogTrimmer(NpgsqlDataSource database, IDocumentStore store)
{
    /// <summary>Removes the entries from the first one to <paramref name="last"/>, all or none.</summary>
    /// <param name="first">Where the log begins, as the caller has archived it.</param>
    /// <param name="last">Last entry that goes.</param>
    /// <param name="lastHash">Its hash: what is left must follow it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="InvalidOperationException">The log is not what the caller has seen.</exception>
    public async Task TrimAsync(long first, long last, string lastHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LogLock.TakeAsync(connection, cancellationToken);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        var head = await session.LoadAsync<LogHead>(LogHead.OnlyId, cancellationToken);
        if (head is null || head.First != first || head.Last < last)
        {
            throw new InvalidOperationException($"Entries {first} to {last} cannot leave the log: it reaches from {head?.First} to {head?.Last}.");
        }

        await using var delete = new NpgsqlCommand($"DELETE FROM {EventLogExtensions.Schema}.mt_doc_logentry WHERE id BETWEEN $1 AND $2", connection, transaction);
        delete.Parameters.AddWithValue(first);
        delete.Parameters.AddWithValue(last);
        if (await delete.ExecuteNonQueryAsync(cancellationToken) is var count && count != last - first + 1)
        {
            throw new InvalidOperationException($"Entries {first} to {last} cannot leave the log: there are {count} of them.");
        }

        session.Store(head with { First = last + 1, ArchivedHash = lastHash });
        await session.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
