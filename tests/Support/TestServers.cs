using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.Support;

/// <summary>
/// The real servers that tests use, one of each per process at most. In this order: what <c>./test</c> started and named in the
/// environment; Debian's server on this machine; a container. None of them: the test fails and says what to install.
/// </summary>
public static class TestServers
{
    private const string PostgresVariable = "WORKSPACES_TEST_POSTGRES";
    private const string RabbitMqVariable = "WORKSPACES_TEST_RABBITMQ";
    private const string RabbitMqManagementVariable = "WORKSPACES_TEST_RABBITMQ_MANAGEMENT";
    private const int ManagementPort = 15672;

    private static readonly Lazy<Task<string>> Postgres = new(StartPostgresAsync);
    private static readonly Lazy<Task<RabbitMqTestServer>> RabbitMq = new(StartRabbitMqAsync);

    /// <summary>Npgsql connection string of a superuser.</summary>
    public static Task<string> PostgresAsync() => Postgres.Value;

    internal static Task<RabbitMqTestServer> RabbitMqAsync() => RabbitMq.Value;

    private static async Task<string> StartPostgresAsync()
    {
        if (Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } given)
        {
            return given;
        }

        if (PostgresServer.IsInstalled)
        {
            return await ProcessServers.PostgresAsync();
        }

        var container = new PostgreSqlBuilder("postgres:17").Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }

    private static async Task<RabbitMqTestServer> StartRabbitMqAsync()
    {
        if (Environment.GetEnvironmentVariable(RabbitMqVariable) is { Length: > 0 } given)
        {
            var management = Environment.GetEnvironmentVariable(RabbitMqManagementVariable)
                ?? throw new InvalidOperationException($"{RabbitMqVariable} is set, {RabbitMqManagementVariable} (address of the management API) is not.");
            return new RabbitMqTestServer(new Uri(given), new Uri(management));
        }

        if (RabbitMqServer.IsInstalled)
        {
            return await ProcessServers.RabbitMqAsync();
        }

        var container = new RabbitMqBuilder("rabbitmq:4-management").WithPortBinding(ManagementPort, assignRandomHostPort: true).Build();
        await container.StartAsync();
        return new RabbitMqTestServer(new Uri(container.GetConnectionString()), new Uri($"http://{container.Hostname}:{container.GetMappedPublicPort(ManagementPort)}"));
    }
}
