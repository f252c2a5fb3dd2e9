using Npgsql;

namespace Workspaces.Auditor.Log;

/// <summary>
/// The right to do something that one Auditor does at a time: an advisory lock that belongs to a connection. Whoever loses the connection
/// loses the turn, and learns it by <see cref="KeepAsync"/>.
/// </summary>
internal sealed class Turn : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private Turn(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Takes the turn; null while another Auditor has it.</summary>
    public static async Task<Turn?> TryTakeAsync(NpgsqlDataSource database, long key, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
            command.Parameters.AddWithValue(key);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new Turn(connection);
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

    /// <summary>Throws when the connection, and the lock with it, is gone.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", _connection);
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Gives the turn back: a pooled connection would keep the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and its locks with it.
        }

        await _connection.DisposeAsync();
    }
}
