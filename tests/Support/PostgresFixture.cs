using Npgsql;
using Xunit;

namespace Workspaces.Support;

/// <summary>A database of its own on a real PostgreSQL, for one test class: <c>class XTests(PostgresFixture postgres) : IClassFixture&lt;PostgresFixture&gt;</c>.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly string _database = $"test_{Guid.NewGuid():N}";
    private string _administration = "";

    /// <summary>Npgsql connection string of the database; its role owns it.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Makes the database.</summary>
    public async ValueTask InitializeAsync()
    {
        _administration = await TestServers.PostgresAsync();
        await ExecuteAsync($"CREATE DATABASE {_database}");
        ConnectionString = new NpgsqlConnectionStringBuilder(_administration) { Database = _database }.ConnectionString;
    }

    /// <summary>Drops the database, whoever is still connected to it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ConnectionString != "")
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS {_database} WITH (FORCE)");
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_administration);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
