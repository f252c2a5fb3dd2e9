using Npgsql;

namespace Workspaces.Requests.Publishing;

/// <summary>
/// Of several replicas one publishes: the one that holds an advisory lock of the database. The lock belongs to a connection and
/// ends with it, however the process ends. Two leaders for a moment (a connection that broke unnoticed) do no harm: both publish
/// the same ids, and only one moves the checkpoint.
/// </summary>
public sealed class OutboxLeadership : IAsyncDisposable
{
    /// <summary>Arbitrary, ours alone in this database.</summary>
    private const long LockKey = 0x576f726b73706163;

    private readonly NpgsqlConnection _connection;

    private OutboxLeadership(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Becomes the leader, or returns null where another replica is.</summary>
    public static async Task<OutboxLeadership?> TryTakeAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Not pooled: a connection back in a pool would keep the lock.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 10 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } } };
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new OutboxLeadership(connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Throws when the lock may be lost.</summary>
    public async Task EnsureHeldAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select 1", _connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
