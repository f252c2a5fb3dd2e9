using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Servers;

/// <summary>
/// Debian's RabbitMQ as a node of its own: own data, own cookie, own Erlang port mapper (<see cref="PortMapperServer"/>, which must run first),
/// everything on the loopback interface. Accounts come from a definitions file that the broker reads when it starts, before it listens.
/// </summary>
public sealed class RabbitMqServer : IServer
{
    private const string ServerScript = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private readonly RabbitMqOptions _options;
    private readonly RabbitMqAccount _administrator;

    /// <summary>A broker that is not started yet.</summary>
    /// <exception cref="MissingProgramException">RabbitMQ is not installed.</exception>
    /// <exception cref="ArgumentException">No account is an administrator: then nobody could ask the broker how it is.</exception>
    public RabbitMqServer(RabbitMqOptions options)
    {
        _options = options;
        _administrator = options.Accounts.FirstOrDefault(account => account.Administrator) ?? throw new ArgumentException("One account must be an administrator.", nameof(options));
        if (!IsInstalled)
        {
            throw new MissingProgramException("RabbitMQ", "rabbitmq-server");
        }
    }

    /// <summary>Whether this machine has the programs. The wrapper in /usr/sbin is of no use: it insists on Debian's account and folders.</summary>
    public static bool IsInstalled => File.Exists(ServerScript);

    /// <inheritdoc/>
    public string Name => "rabbitmq";

    /// <inheritdoc/>
    public IReadOnlyList<int> Ports => [_options.Ports.Amqp, _options.Ports.Management, _options.Ports.Distribution];

    /// <summary>Address of the management API.</summary>
    public Uri Management => new($"http://127.0.0.1:{_options.Ports.Management}");

    /// <inheritdoc/>
    public ProgramStart Start => new(ServerScript, [], _options.LogFile)
    {
        WorkingDirectory = _options.Folder,
        Environment = new Dictionary<string, string>
        {
            ["HOME"] = _options.Folder,
            ["RABBITMQ_NODENAME"] = $"workspaces-{_options.Ports.Amqp}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_options.Folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_options.Folder, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_options.Folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_options.Folder, "enabled_plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_PID_FILE"] = Path.Combine(_options.Folder, "pid"),
            ["RABBITMQ_NODE_PORT"] = Text(_options.Ports.Amqp),
            ["RABBITMQ_DIST_PORT"] = Text(_options.Ports.Distribution),
            ["ERL_EPMD_PORT"] = Text(_options.Ports.PortMapper),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
            // The script then becomes the Erlang VM, which takes SIGTERM as a request to stop in order; otherwise it would stay
            // in between and start a second VM to stop the first.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
        },
    };

    /// <summary>AMQP address of an account on a virtual host.</summary>
    public Uri Amqp(RabbitMqAccount account, string virtualHost = "/") =>
        new($"amqp://{account.Name}:{Uri.EscapeDataString(account.Password)}@127.0.0.1:{_options.Ports.Amqp}/{(virtualHost == "/" ? "" : Uri.EscapeDataString(virtualHost))}");

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_options.Folder);
        var definitions = Path.Combine(_options.Folder, "definitions.json");
        await File.WriteAllTextAsync(
            Path.Combine(_options.Folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.local = 127.0.0.1:{_options.Ports.Amqp}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_options.Ports.Management}
            distribution.listener.interface = 127.0.0.1
            load_definitions = {definitions}
            log.console.level = warning
            # A laptop's disk may be full enough to stop publishing; and the memory of small nodes is watched by their owners.
            disk_free_limit.absolute = 50MB
            """,
            cancellation);
        await File.WriteAllTextAsync(Path.Combine(_options.Folder, "enabled_plugins"), "[rabbitmq_management].\n", cancellation);
        await File.WriteAllTextAsync(definitions, RabbitMqDefinitions.Of(_options.Accounts), cancellation);
        File.SetUnixFileMode(definitions, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        using var client = ManagementClient();
        try
        {
            // Its listeners open last, when accounts and queues are there.
            using var response = await client.GetAsync(new Uri($"api/health/checks/port-listener/{_options.Ports.Amqp}", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode ? null : $"its management API answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>A client of the management API, as administrator.</summary>
    public HttpClient ManagementClient()
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_administrator.Name}:{_administrator.Password}"));
        return new HttpClient
        {
            BaseAddress = Management,
            Timeout = TimeSpan.FromSeconds(10),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", credentials) },
        };
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
