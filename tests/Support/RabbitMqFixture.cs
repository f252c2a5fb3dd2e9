using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.Support;

/// <summary>A virtual host of its own on a real RabbitMQ, for one test class: <c>class XTests(RabbitMqFixture broker) : IClassFixture&lt;RabbitMqFixture&gt;</c>.</summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    private readonly string _virtualHost = $"test-{Guid.NewGuid():N}";
    private readonly List<string> _accounts = [];
    private RabbitMqTestServer? _server;
    private HttpClient _management = new();

    /// <summary>AMQP address of the virtual host, as an account that may do everything in it.</summary>
    public Uri ConnectionString => Amqp(Server.UserName, Server.Password);

    private RabbitMqTestServer Server => _server ?? throw new InvalidOperationException("The fixture is not initialized yet.");

    /// <summary>Makes the virtual host.</summary>
    public async ValueTask InitializeAsync()
    {
        _server = await TestServers.RabbitMqAsync();
        _management = new HttpClient
        {
            BaseAddress = Server.Management,
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Server.UserName}:{Server.Password}"))),
            },
        };
        await PutAsync($"api/vhosts/{_virtualHost}", new { });
        await PutAsync($"api/permissions/{_virtualHost}/{Server.UserName}", new { configure = ".*", write = ".*", read = ".*" });
    }

    /// <summary>Removes the virtual host with everything in it, and the accounts.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            foreach (var account in _accounts)
            {
                using var removed = await _management.DeleteAsync(new Uri($"api/users/{account}", UriKind.Relative));
            }

            using var response = await _management.DeleteAsync(new Uri($"api/vhosts/{_virtualHost}", UriKind.Relative));
        }

        _management.Dispose();
    }

    /// <summary>Makes an account with these permissions (regular expressions of names) on the virtual host and returns its AMQP address.</summary>
    public async Task<Uri> CreateAccountAsync(string name, string configure, string write, string read)
    {
        // Accounts belong to the whole broker, which other test classes use too.
        var account = $"{name}-{Guid.NewGuid():N}";
        var password = Guid.NewGuid().ToString("N");
        await PutAsync($"api/users/{account}", new { password, tags = "" });
        _accounts.Add(account);
        await PutAsync($"api/permissions/{_virtualHost}/{account}", new { configure, write, read });
        return Amqp(account, password);
    }

    /// <summary>Queues of the virtual host, as the management API describes them.</summary>
    public Task<JsonArray> QueuesAsync() => GetAsync($"api/queues/{_virtualHost}?disable_stats=true&enable_queue_totals=true");

    /// <summary>Exchanges of the virtual host, as the management API describes them.</summary>
    public Task<JsonArray> ExchangesAsync() => GetAsync($"api/exchanges/{_virtualHost}");

    /// <summary>Bindings of the virtual host, as the management API describes them.</summary>
    public Task<JsonArray> BindingsAsync() => GetAsync($"api/bindings/{_virtualHost}");

    /// <summary>Closes every connection to the virtual host, as a broker's restart would.</summary>
    public async Task CloseConnectionsAsync()
    {
        foreach (var connection in await GetAsync($"api/vhosts/{_virtualHost}/connections"))
        {
            using var response = await _management.DeleteAsync(new Uri($"api/connections/{Uri.EscapeDataString((string)connection!["name"]!)}", UriKind.Relative));
        }
    }

    private Uri Amqp(string user, string password) =>
        new($"amqp://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@{Server.Amqp.Host}:{Server.Amqp.Port}/{_virtualHost}");

    private async Task<JsonArray> GetAsync(string path) =>
        await _management.GetFromJsonAsync<JsonArray>(new Uri(path, UriKind.Relative)) ?? throw new InvalidOperationException($"{path} answered null.");

    private async Task PutAsync(string path, object body)
    {
        using var response = await _management.PutAsJsonAsync(new Uri(path, UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
    }
}
