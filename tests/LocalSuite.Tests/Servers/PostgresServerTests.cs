using Npgsql;
using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;
using Xunit;

namespace Workspaces.LocalSuite.Tests.Servers;

/// <summary>Data that outlives a start, and data that outlives the state folder which knew its password.</summary>
public sealed class PostgresServerTests : IDisposable
{
    private const string Tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";

    private readonly string _folder = Directory.CreateTempSubdirectory("workspaces-postgres-").FullName;

    // The account that PostgreSQL runs as must be able to enter.
    public PostgresServerTests() => File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("711", 8));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        new Marker(_folder).KillLeftovers();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Start_OnDataOfALostState_BeginsAnewAndKeepsTheOtherAside()
    {
        await RunAsync("first", "CREATE TABLE things (id int)");

        Assert.Equal(1L, await RunAsync("first", Tables));
        Assert.Equal(0L, await RunAsync("second", Tables));

        Assert.True(File.Exists(Path.Combine(_folder, "postgresql", "data.before", "PG_VERSION")));
    }

    private async Task<object?> RunAsync(string password, string sql)
    {
        if (!PostgresServer.IsInstalled)
        {
            throw new InvalidOperationException("PostgreSQL is missing: apt-get install postgresql");
        }

        var server = new PostgresServer(new PostgresOptions(Path.Combine(_folder, "postgresql"), Ports.Free(1)[0], password, Path.Combine(_folder, "log")));
        var running = await RunningServer.StartAsync(server, new Marker(_folder, server.Name), TimeSpan.FromSeconds(90), Ct);
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false");
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(Ct);
        }
        finally
        {
            running.Process.Kill();
            await running.DisposeAsync();
            new Marker(_folder, server.Name).KillLeftovers();
        }
    }
}
