using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Workspaces.Requests.Tests.Running;

/// <summary>The service with a PostgreSQL and a RabbitMQ of its own, users and keys, for one class of tests.</summary>
public sealed class RunningRequests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly RabbitMqFixture _broker = new();
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("workspaces-requests-").FullName;
    private readonly List<HttpClient> _clients = [];

    /// <summary>The bus.</summary>
    public Broker Bus { get; private set; } = null!;

    /// <summary>The process.</summary>
    public RequestsProcess Service { get; private set; } = null!;

    /// <summary>Folder of the blueprints in use.</summary>
    public string BlueprintFolder => Path.Combine(_folder, "blueprints");

    /// <summary>What the service is started with.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>PostgreSQL.</summary>
    public PostgresFixture Postgres => _postgres;

    /// <summary>RabbitMQ.</summary>
    public RabbitMqFixture RabbitMq => _broker;

    /// <summary>A client with alice's key: an ordinary user.</summary>
    public HttpClient Alice => Client(TestKeys.Alice);

    /// <summary>A client with bob's key: another ordinary user.</summary>
    public HttpClient Bob => Client(TestKeys.Bob);

    /// <summary>A client with an administrator's key.</summary>
    public HttpClient Admin => Client(TestKeys.Admin);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_postgres.InitializeAsync().AsTask(), _broker.InitializeAsync().AsTask());
        System.IO.Directory.CreateDirectory(BlueprintFolder);
        foreach (var (name, text) in TestBlueprints.Files)
        {
            await File.WriteAllTextAsync(Path.Combine(BlueprintFolder, name), text);
        }

        var bootstrap = Path.Combine(_folder, "bootstrap.json");
        await File.WriteAllTextAsync(bootstrap, TestKeys.Bootstrap);
        Settings["ConnectionStrings__postgres"] = _postgres.ConnectionString;
        Settings["ConnectionStrings__rabbitmq"] = _broker.ConnectionString.ToString();
        Settings["Requests__BootstrapFile"] = bootstrap;
        Settings["Blueprints__Folder"] = BlueprintFolder;
        Settings["Proxy__PublicHost"] = "ssh.example.com";
        Settings["Proxy__PublicPort"] = "2222";
        await StartAsync();
        Bus = await Broker.ConnectAsync(_broker.ConnectionString);
    }

    /// <summary>Starts the service (again) and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        Service = await RequestsProcess.StartAsync(Settings);
        await ReadyAsync(Service);
    }

    /// <summary>Waits until a process is ready; what it logged is in the failure.</summary>
    public static async Task ReadyAsync(RequestsProcess service)
    {
        using var client = new HttpClient { BaseAddress = service.Address };
        try
        {
            await Eventually.FindAsync(async () =>
            {
                using var response = await client.GetAsync("/health/ready");
                return response.IsSuccessStatusCode ? "ready" : null;
            }, "the service is ready");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{await client.GetStringAsync("/health/live")}\n{service.Log}", exception);
        }
    }

    /// <summary>A client with a key; null: without one.</summary>
    public HttpClient Client(string? key, string? onBehalfOf = null)
    {
        var client = new HttpClient { BaseAddress = Service.Address, Timeout = TimeSpan.FromSeconds(90) };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        if (onBehalfOf is not null)
        {
            client.DefaultRequestHeaders.Add("On-Behalf-Of", onBehalfOf);
        }

        _clients.Add(client);
        return client;
    }

    /// <summary>Makes a workspace of alice's and returns it as the API shows it.</summary>
    public async Task<JsonObject> CreateAsync(string name, string blueprint = "plain")
    {
        using var response = await Alice.PostAsJsonAsync("/v1/workspaces", new { name, blueprint });
        return await response.ShouldBeAsync(System.Net.HttpStatusCode.Accepted);
    }

    /// <summary>Waits until alice's workspace is in a state.</summary>
    public Task<JsonObject> InStateAsync(string id, string state) => Eventually.FindAsync(async () =>
    {
        var workspace = await Alice.GetFromJsonAsync<JsonObject>($"/v1/workspaces/{id}");
        return (string?)workspace!["state"] == state ? workspace : null;
    }, $"{id} is {state}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        if (Bus is not null)
        {
            await Bus.DisposeAsync();
        }

        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        await _broker.DisposeAsync();
        await _postgres.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
