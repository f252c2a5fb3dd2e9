using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.Auditor.Tests.Outages;

/// <summary>PostgreSQL, RabbitMQ and the Auditor as processes of their own, which can be killed (SIGKILL) and started again on their data.</summary>
internal sealed class KillableServers : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = MakeFolder();
    private readonly RunningServer?[] _running = new RunningServer?[3];
    private RunningServer? _portMapper;
    private IServer[] _servers = [];

    public enum Server
    {
        Postgres,
        RabbitMq,
        Auditor,
    }

    public string Postgres { get; private set; } = "";

    public Uri RabbitMq { get; private set; } = new("amqp://nowhere");

    /// <summary>Address of the Auditor.</summary>
    public Uri Auditor { get; private set; } = new("http://nowhere");

    /// <summary>Whom the Auditor asks about tokens; nobody by default.</summary>
    public Uri Requests { get; init; } = new("http://127.0.0.1:1");

    /// <summary>Where everything of them is; gone when they are.</summary>
    public string Folder => _folder;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ports = Ports.Free(6);
        var account = new RabbitMqAccount("tests", "tests") { Administrator = true };
        // Not disposable: with synchronous_commit off a killed PostgreSQL forgets what it has committed.
        var postgres = new PostgresServer(new PostgresOptions(Path.Combine(_folder, "postgresql"), ports[0], "tests", Log("postgresql")));
        var rabbitMq = new RabbitMqServer(new RabbitMqOptions(
            Path.Combine(_folder, "rabbitmq"), new RabbitMqPorts(ports[1], ports[2], ports[3], ports[4]), [account], Log("rabbitmq")));
        Postgres = postgres.ConnectionString();
        RabbitMq = rabbitMq.Amqp(account);
        Auditor = new Uri($"http://127.0.0.1:{ports[5]}");
        _servers = [postgres, rabbitMq, new AuditorServer(ports[5], Postgres, RabbitMq, Requests, Log("auditor"))];
        _portMapper = await RunningServer.StartAsync(new PortMapperServer(ports[4], Log("epmd")), new Marker(_folder, "epmd"), Patience, cancellationToken);
        foreach (var server in Enum.GetValues<Server>())
        {
            await StartAsync(server, cancellationToken);
        }
    }

    public void Kill(Server server)
    {
        _running[(int)server]!.Process.Kill();
        new Marker(_folder, _servers[(int)server].Name).KillLeftovers(); // PostgreSQL's backends, for one
    }

    public async Task StartAsync(Server server, CancellationToken cancellationToken)
    {
        // The kernel takes a moment to close what a killed process listened on.
        await Eventually.TrueAsync(() => _servers[(int)server].Ports.All(Ports.IsFree), $"the ports of {server} are free");
        _running[(int)server] = await RunningServer.StartAsync(_servers[(int)server], new Marker(_folder, _servers[(int)server].Name), Patience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _running.Reverse().Append(_portMapper).OfType<RunningServer>())
        {
            server.Process.Kill();
            await server.DisposeAsync();
        }

        new Marker(_folder).KillLeftovers();
        Directory.Delete(_folder, recursive: true);
    }

    private static string MakeFolder()
    {
        // Readable for the account that PostgreSQL runs as.
        var folder = Directory.CreateTempSubdirectory("workspaces-outages-").FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private string Log(string name) => Path.Combine(_folder, $"{name}.log");
}
