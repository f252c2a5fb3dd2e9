using Npgsql;

namespace Workspaces.Auditor.Log;

/// <summary>Held, for the length of a transaction, by whoever changes where the log begins or ends.</summary>
internal static class LogLock
{
    public static async Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection);
        command.Parameters.AddWithValue(LockKeys.Append);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
