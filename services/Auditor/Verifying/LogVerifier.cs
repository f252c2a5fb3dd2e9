using Npgsql;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Verifying;

/// <summary>
/// Checks that a part of the log is what was written: no entry changed, missing or inserted, and the columns that queries use say
/// what the entries say. What it cannot see is a log whose chain was computed anew from some entry on: against that,
/// keep heads of the chain (sequence and hash) somewhere else.
/// </summary>
public sealed class LogVerifier(LogReader log, NpgsqlDataSource database)
{
    private const int PageSize = 1000;

    private static readonly LogFilter Everything = new();

    /// <summary>Verifies the entries from one sequence to another, both included; null is the beginning or the end of the log.</summary>
    public async Task<Verification> VerifyAsync(long? from, long? to, CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(cancellationToken);
        var first = Math.Max(from ?? head.First, head.First);
        var last = Math.Min(to ?? head.Last, head.Last);
        var previous = first == head.First ? head.HashBeforeFirst : await HashBeforeAsync(first, cancellationToken);
        var expected = first;
        while (expected <= last)
        {
            var entries = await log.ReadAsync(Everything, expected - 1, PageSize, cancellationToken);
            if (entries.Count == 0)
            {
                break;
            }

            foreach (var entry in entries)
            {
                if (expected > last)
                {
                    break;
                }

                if (LogChain.ProblemOf(entry, expected, previous) is { } problem)
                {
                    return new Verification(first, last, expected, problem);
                }

                previous = entry.Hash;
                expected++;
            }
        }

        if (expected <= last)
        {
            return new Verification(first, last, expected, "The entry is missing.");
        }

        if (last == head.Last && previous is not null && previous != head.Hash)
        {
            return new Verification(first, last, last, "It is not the entry that the head of the log names.");
        }

        return await MisleadingColumnsAsync(first, last, cancellationToken) is { } misled
            ? new Verification(first, last, misled, "A column that queries use differs from the entry.")
            : new Verification(first, last);
    }

    /// <summary>Hash of the entry before one; null where that is missing.</summary>
    private async Task<string?> HashBeforeAsync(long first, CancellationToken cancellationToken)
    {
        var before = await log.ReadAsync(Everything, first - 2, 1, cancellationToken);
        return before is [{ } entry] && entry.Sequence == first - 1 ? entry.Hash : null;
    }

    private async Task<long?> MisleadingColumnsAsync(long first, long last, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT min(id) FROM {EventLogExtensions.Schema}.mt_doc_logentry
            WHERE id BETWEEN $1 AND $2 AND (
                id <> (data ->> 'sequence')::bigint
                OR event_id IS DISTINCT FROM (data ->> 'eventId')::uuid
                OR type IS DISTINCT FROM data ->> 'type'
                OR workspace_id IS DISTINCT FROM data ->> 'workspaceId'
                OR owner IS DISTINCT FROM data ->> 'owner'
                OR "user" IS DISTINCT FROM data ->> 'user'
                OR target IS DISTINCT FROM data ->> 'target'
                OR session_id IS DISTINCT FROM (data ->> 'sessionId')::uuid
                OR instance_id IS DISTINCT FROM (data ->> 'instanceId')::uuid
                OR COALESCE(abs(extract(epoch FROM occurred_at - (data ->> 'occurredAt')::timestamptz)) > 0.001, true))
            """);
        command.Parameters.AddWithValue(first);
        command.Parameters.AddWithValue(last);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }
}
