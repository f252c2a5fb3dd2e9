using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Secrets;
using Workspaces.LocalSuite.Servers;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.LocalSuite.Components;

/// <summary>The suite's components, each with its configuration: which settings a service takes stands here and in its own code.</summary>
internal sealed class SuiteComponents
{
    private const string Administrator = "administrator";

    /// <summary>The other team whose queues the examples of docs/events.md are.</summary>
    private const string Team = "team";

    private readonly SuiteLayout _layout;
    private readonly SuiteSecrets _secrets;
    private readonly PostgresServer _postgres;
    private readonly RabbitMqServer _broker;

    /// <summary>The components of a layout.</summary>
    /// <exception cref="MissingProgramException">A server is not installed.</exception>
    public SuiteComponents(SuiteLayout layout, SuiteSecrets secrets)
    {
        _layout = layout;
        _secrets = secrets;
        _postgres = new PostgresServer(new PostgresOptions(layout.PostgresFolder, layout.Ports.Postgres, secrets.PostgresPassword, layout.Log("postgresql")));
        var ports = layout.Ports;
        _broker = new RabbitMqServer(new RabbitMqOptions(
            layout.RabbitMqFolder,
            new RabbitMqPorts(ports.RabbitMq, ports.RabbitMqManagement, ports.RabbitMqDistribution, ports.RabbitMqPortMapper),
            [AdministratorAccount, SubscriberAccount, .. BrokerAccounts.All.Select(Account)],
            layout.Log("rabbitmq")));
        All = [.. Servers(), .. layout.Options.ServersOnly ? [] : Suite()];
    }

    /// <summary>AMQP address of the broker's administrator, for tests.</summary>
    public Uri BrokerAdministrator => _broker.Amqp(AdministratorAccount);

    /// <summary>AMQP address of a subscriber: it may only bind and read queues of its own.</summary>
    public Uri Subscriber => _broker.Amqp(SubscriberAccount);

    /// <summary>Address of the broker's management API.</summary>
    public Uri BrokerManagement => _broker.Management;

    /// <summary>Npgsql connection string of PostgreSQL's superuser, for tests.</summary>
    public string PostgresAdministrator => _postgres.ConnectionString();

    /// <summary>In the order in which a person reads them; what has to wait for what, each says itself.</summary>
    public IReadOnlyList<Component> All { get; }

    private RabbitMqAccount AdministratorAccount => new(Administrator, _secrets.BrokerAdministratorPassword) { Administrator = true };

    private RabbitMqAccount SubscriberAccount => Account(BrokerAccounts.Subscriber(Team));

    private IEnumerable<Component> Servers()
    {
        var ports = _layout.Ports;
        yield return new Component(_postgres, $"127.0.0.1:{ports.Postgres}") { WhenReady = MakeDatabasesAsync };
        yield return new Component(new PortMapperServer(ports.RabbitMqPortMapper, _layout.Log("epmd")), $"127.0.0.1:{ports.RabbitMqPortMapper}");
        yield return new Component(_broker, $"127.0.0.1:{ports.RabbitMq}") { After = ["epmd"] };
    }

    private IEnumerable<Component> Suite()
    {
        var ports = _layout.Ports;
        if (_layout.Options.Kubeconfig is null)
        {
            yield return new Component(LocalCluster(), $"https://127.0.0.1:{ports.Cluster}");
        }

        string[] cluster = _layout.Options.Kubeconfig is null ? ["localcluster"] : [];
        yield return Service("requests", ports.Requests, ["postgresql", "rabbitmq"], new()
        {
            ["ConnectionStrings__postgres"] = _postgres.ConnectionString("requests", "requests", _secrets.DatabasePassword("requests")),
            ["Requests__BootstrapFile"] = _secrets.BootstrapFile,
            ["Blueprints__Folder"] = Path.Combine(_layout.Options.Root, "blueprints"),
            ["Proxy__PublicHost"] = "127.0.0.1",
            ["Proxy__PublicPort"] = $"{ports.Ssh}",
        });
        yield return Service("provisioner", ports.Provisioner, ["rabbitmq", .. cluster], WorkerSettings());
        yield return Service("injector", ports.Injector, ["rabbitmq", .. cluster], InjectorSettings());
        yield return Service("proxy", ports.Proxy, ["rabbitmq"], new()
        {
            ["Proxy__Ssh__Address"] = "127.0.0.1",
            ["Proxy__Ssh__Port"] = $"{ports.Ssh}",
            ["Proxy__HostKeyFiles__0"] = _secrets.HostKeyFile,
            ["Proxy__UserCaKeyFile"] = _secrets.UserAuthorityFile,
            ["Proxy__SpoolFolder"] = _layout.SpoolFolder,
        }, ports.Ssh);
        yield return Service("auditor", ports.Auditor, ["postgresql", "rabbitmq"], new()
        {
            ["ConnectionStrings__postgres"] = _postgres.ConnectionString("audit", "audit", _secrets.DatabasePassword("audit")),
            ["SignedHeads__KeyFile"] = _secrets.LogHeadsKeyFile,
            ["Webhooks__SecretsKeyFile"] = _secrets.WebhookSecretsKeyFile,

            // Receivers of webhooks are on this machine as well.
            ["Webhooks__AllowInsecureHttp"] = "true",
            ["Webhooks__AllowedPrivateNetworks__0"] = "127.0.0.0/8",
        });
    }

    private DotnetServer LocalCluster()
    {
        var ports = _layout.Ports;
        return new DotnetServer(
            "localcluster", Assembly("tools", "LocalCluster"), _layout.Log("localcluster"), new Uri($"http://127.0.0.1:{ports.ClusterSide}/health/ready"), [ports.Cluster, ports.ClusterSide])
        {
            Arguments =
            [
                "--state", _layout.ClusterFolder,
                "--port", $"{ports.Cluster}",
                "--side-port", $"{ports.ClusterSide}",
                "--kubeconfig", _layout.Kubeconfig,
                "--images", Path.Combine(_layout.Options.Root, "images"),
            ],
        };
    }

    private Component Service(string name, int port, IReadOnlyList<string> after, Dictionary<string, string> settings, params int[] otherPorts)
    {
        var address = $"http://127.0.0.1:{port}";
        settings["ASPNETCORE_URLS"] = address;
        settings["ConnectionStrings__rabbitmq"] = _broker.Amqp(Account(name)).AbsoluteUri;
        if (name != "requests")
        {
            settings["Requests__Url"] = $"http://127.0.0.1:{_layout.Ports.Requests}";
            settings["ApiKeys__Own__File"] = _secrets.ServiceApiKeyFile(name);
        }

        var folder = $"{char.ToUpperInvariant(name[0])}{name[1..]}";
        var server = new DotnetServer(name, Assembly("services", folder), _layout.Log(name), new Uri($"{address}/health/ready"), [port, .. otherPorts]) { Environment = settings };
        return new Component(server, otherPorts.Length == 0 ? address : $"{address}, ssh 127.0.0.1:{otherPorts[0]}") { After = after };
    }

    private Dictionary<string, string> WorkerSettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["Kubernetes__Kubeconfig"] = _layout.Kubeconfig,
            ["UserCa__PublicKeyFile"] = $"{_secrets.UserAuthorityFile}.pub",
        };
        if (_layout.Options.Context is { } context)
        {
            settings["Kubernetes__Context"] = context;
        }

        return settings;
    }

    private Dictionary<string, string> InjectorSettings()
    {
        var settings = WorkerSettings();
        if (_layout.Options.Kubeconfig is null)
        {
            // The local user has the embedded cluster's administrator's kubeconfig: what the cluster would let them do, they may inject.
            settings[$"Injection__Requester__ExtraGroups__{SuiteSecrets.User}__0"] = "system:masters";
        }

        return settings;
    }

    private async Task MakeDatabasesAsync(CancellationToken cancellation)
    {
        foreach (var (database, role) in new[] { ("requests", "requests"), ("audit", "audit") })
        {
            await _postgres.EnsureDatabaseAsync(database, role, _secrets.DatabasePassword(role), cancellation);
        }
    }

    private RabbitMqAccount Account(string name) => Account(BrokerAccounts.All.Single(account => account.User == name));

    private RabbitMqAccount Account(BrokerAccount account) =>
        new(account.User, _secrets.BrokerPassword(account.User)) { Configure = account.Configure, Write = account.Write, Read = account.Read };

    /// <summary>Beside our own build: the same configuration and framework.</summary>
    private string Assembly(string kind, string project)
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(_layout.Options.Root, kind, project, "bin", built.Parent!.Name, built.Name, $"Workspaces.{project}.dll");
    }
}
