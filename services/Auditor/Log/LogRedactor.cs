using System.Globalization;
using Npgsql;

namespace Workspaces.Auditor.Log;

/// <summary>
/// Removes the message of entries and keeps everything else. An entry's hash takes part of the message by the message's own hash, so the chain holds.
/// </summary>
public sealed class LogRedactor(NpgsqlDataSource database, LogReader log)
{
    private const int BatchSize = 2000;

    /// <summary>Redacts entries of a type that were stored before a time, as far as <paramref name="upto"/>. Returns how many.</summary>
    public async Task<long> RedactAsync(string type, DateTimeOffset storedBefore, long upto, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await log.EnsureStorageAsync(cancellationToken);
        long total = 0;
        int count;
        do
        {
            await using var command = database.CreateCommand(
                $"""
                UPDATE {EventLogExtensions.Schema}.mt_doc_logentry SET data = data || jsonb_build_object('message', '', 'redactedAt', $1::text)
                WHERE id IN (
                    SELECT id FROM {EventLogExtensions.Schema}.mt_doc_logentry
                    WHERE type = $2 AND id <= $3 AND (data ->> 'storedAt')::timestamptz < $4 AND data ->> 'redactedAt' IS NULL
                    LIMIT {BatchSize})
                """);
            command.Parameters.AddWithValue(now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            command.Parameters.AddWithValue(type);
            command.Parameters.AddWithValue(upto);
            command.Parameters.AddWithValue(storedBefore.ToUniversalTime());
            count = await command.ExecuteNonQueryAsync(cancellationToken);
            total += count;
        }
        while (count == BatchSize);
        return total;
    }
}
