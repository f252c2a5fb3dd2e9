using Npgsql;
using NpgsqlTypes;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Views;

/// <summary>Which workspaces touched a workload, counted by PostgreSQL over the log's columns.</summary>
internal sealed class WorkloadView(NpgsqlDataSource database, LogReader log)
{
    private const string Query =
        $"""
        SELECT workspace_id, max(owner), min(id), max(id), min(occurred_at), max(occurred_at),
               count(*) FILTER (WHERE type = '{nameof(InstanceUp)}'),
               count(*) FILTER (WHERE type = '{nameof(SessionOpened)}'),
               coalesce(array_agg(DISTINCT "user") FILTER (WHERE type = '{nameof(SessionOpened)}' AND "user" IS NOT NULL), ARRAY[]::varchar[])::text[]
        FROM {EventLogExtensions.Schema}.mt_doc_logentry
        WHERE target = $1 AND workspace_id IS NOT NULL
          AND ($2::timestamptz IS NULL OR occurred_at >= $2) AND ($3::timestamptz IS NULL OR occurred_at < $3)
        GROUP BY workspace_id
        HAVING min(id) > $4
        ORDER BY min(id)
        LIMIT $5
        """;

    public async Task<WorkloadWorkspaces> WorkspacesAsync(string target, ViewRange range, CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(cancellationToken);
        await using var command = database.CreateCommand(Query);
        command.Parameters.AddWithValue(target);
        command.Parameters.Add(TimeOf(range.Since));
        command.Parameters.Add(TimeOf(range.Until));
        command.Parameters.AddWithValue(range.After);
        command.Parameters.AddWithValue((long)range.Limit + 1);
        await log.EnsureStorageAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var workspaces = new List<WorkloadWorkspace>();
        while (await reader.ReadAsync(cancellationToken))
        {
            workspaces.Add(new WorkloadWorkspace(
                reader.GetString(0),
                await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetInt64(6),
                reader.GetInt64(7),
                reader.GetFieldValue<string[]>(8)));
        }

        var more = workspaces.Count > range.Limit;
        if (more)
        {
            workspaces.RemoveAt(range.Limit);
        }

        return new WorkloadWorkspaces(target, head.First, workspaces, workspaces.Count == 0 ? range.After : workspaces[^1].FirstSequence, more);
    }

    private static NpgsqlParameter TimeOf(DateTimeOffset? time) => new() { Value = time is { } value ? value.ToUniversalTime() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
