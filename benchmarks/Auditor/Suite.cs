using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>PostgreSQL as it is installed (it syncs to the disk), RabbitMQ and the Auditor, each as a process, on a folder that goes with them.</summary>
internal sealed class Suite : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("auditor-benchmark-");
    private readonly List<RunningServer> _servers = [];
    private AnyToken _requests = null!;
    private AuditorProcess _server = null!;
    private RunningServer _auditor = null!;
    private int _postgresProcess;

    /// <summary>The log's database.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    public Uri RabbitMq { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public static async Task<Suite> StartAsync(CancellationToken ct)
    {
        var suite = new Suite();
        // Readable for the account that PostgreSQL runs as.
        File.SetUnixFileMode(suite._folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        var ports = Ports.Free(6);
        var account = new RabbitMqAccount("benchmark", "benchmark") { Administrator = true };
        var postgres = new PostgresServer(new PostgresOptions(suite.In("postgresql"), ports[0], "benchmark", suite.In("postgresql.log")));
        var rabbitMq = new RabbitMqServer(new RabbitMqOptions(
            suite.In("rabbitmq"), new RabbitMqPorts(ports[1], ports[2], ports[3], ports[4]), [account], suite.In("rabbitmq.log")));
        await suite.StartAsync(new PortMapperServer(ports[4], suite.In("epmd.log")), ct);
        suite._postgresProcess = (await suite.StartAsync(postgres, ct)).Process.Id;
        await suite.StartAsync(rabbitMq, ct);

        await File.WriteAllTextAsync(suite.In("secrets.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ct);
        suite._requests = await AnyToken.StartAsync();
        suite.RabbitMq = rabbitMq.Amqp(account);
        suite.Database = NpgsqlDataSource.Create(postgres.ConnectionString());
        suite._server = new AuditorProcess(ports[5], postgres.ConnectionString(), suite.RabbitMq, suite._requests.Url, suite.In("secrets.key"), suite.In("auditor.log"));
        suite.Client = new HttpClient { BaseAddress = suite._server.Url, Timeout = Timeout.InfiniteTimeSpan };
        suite.Client.DefaultRequestHeaders.Authorization = new("Bearer", "token");
        Figures.Print("auditor_first_start", await suite.StartAuditorAsync(ct), "ms");
        await suite._auditor.DisposeAsync();
        Figures.Print("auditor_start", await suite.StartAuditorAsync(ct), "ms");
        return suite;
    }

    /// <summary>Where the log ends.</summary>
    public async Task<long> LastAsync(CancellationToken ct)
    {
        await using var command = Database.CreateCommand("SELECT (data ->> 'last')::bigint FROM log.mt_doc_loghead");
        return await command.ExecuteScalarAsync(ct) as long? ?? 0;
    }

    /// <summary>Waits until the log reaches a sequence.</summary>
    public async Task UntilAsync(long sequence, CancellationToken ct)
    {
        while (await LastAsync(ct) < sequence)
        {
            await Task.Delay(20, ct);
        }
    }

    /// <summary>Processor time so far, in milliseconds.</summary>
    public (double Auditor, double Postgres) ProcessorTime() => (ProcessTimes.OfTree(_auditor.Process.Id), ProcessTimes.OfTree(_postgresProcess));

    /// <summary>The Auditor's memory that is in use.</summary>
    public double ResidentMegabytes()
    {
        using var process = Process.GetProcessById(_auditor.Process.Id);
        return process.WorkingSet64 / (1024.0 * 1024.0);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Database.DisposeAsync();
        await _auditor.DisposeAsync();
        foreach (var server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        await _requests.DisposeAsync();
        new Marker(_folder.FullName).KillLeftovers();
        _folder.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private async Task<RunningServer> StartAsync(IServer server, CancellationToken ct)
    {
        var running = await RunningServer.StartAsync(server, new Marker(_folder.FullName, server.Name), Patience, ct);
        _servers.Add(running);
        return running;
    }

    private async Task<double> StartAuditorAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        _auditor = await RunningServer.StartAsync(_server, new Marker(_folder.FullName, _server.Name), Patience, ct);
        return watch.Elapsed.TotalMilliseconds;
    }
}
