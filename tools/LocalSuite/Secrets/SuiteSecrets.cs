using System.Text.Json;
using Workspaces.LocalSuite.Layout;

namespace Workspaces.LocalSuite.Secrets;

/// <summary>Every secret of the suite under its name, and the file by which Requests learns of the keys and of the local user.</summary>
public sealed class SuiteSecrets
{
    /// <summary>The person at this machine.</summary>
    public const string User = "dev";

    private const string BootstrapName = "bootstrap.json";
    private static readonly string[] UserScopes = ["workspaces:read", "workspaces:write", "blueprints:read", "users:read", "users:write", "events:read", "admin"];

    /// <summary>Scopes of the services' own keys; Requests needs none.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> ServiceScopes = new Dictionary<string, string[]>
    {
        ["provisioner"] = ["introspect"],
        ["injector"] = ["introspect"],
        ["proxy"] = ["directory:read", "workspaces:act-for"],
        ["auditor"] = ["introspect"],
    };

    private readonly SecretFolder _folder;

    /// <summary>Opens the secrets and makes those that are missing.</summary>
    private SuiteSecrets(SecretFolder folder) => _folder = folder;

    /// <summary>Password of PostgreSQL's superuser.</summary>
    public string PostgresPassword => _folder.Password("postgres-superuser");

    /// <summary>Password of RabbitMQ's administrator.</summary>
    public string BrokerAdministratorPassword => _folder.Password("rabbitmq-administrator");

    /// <summary>The local user's API key.</summary>
    public string UserApiKey => _folder.ApiKey($"api-key-{User}");

    /// <summary>The local user's SSH key.</summary>
    public string UserKeyFile => _folder.File($"{User}_ed25519");

    /// <summary>The Proxy's host key.</summary>
    public string HostKeyFile => _folder.File("proxy_host_ed25519");

    /// <summary>The authority whose certificates workspaces accept.</summary>
    public string UserAuthorityFile => _folder.File("user_ca");

    /// <summary>File with the key that the Auditor encrypts the secrets of webhooks with.</summary>
    public string WebhookSecretsKeyFile => _folder.EncryptionKey("webhook-secrets.key");

    /// <summary>File with the key that the Auditor signs the head of the log with.</summary>
    public string LogHeadsKeyFile => _folder.SigningKey("log-heads.pem");

    /// <summary>What Requests reads at its start.</summary>
    public string BootstrapFile => _folder.File(BootstrapName);

    /// <summary>Password of a role in PostgreSQL.</summary>
    public string DatabasePassword(string role) => _folder.Password($"postgres-{role}");

    /// <summary>Password of a service's account on the broker.</summary>
    public string BrokerPassword(string account) => _folder.Password($"rabbitmq-{account}");

    /// <summary>File with a service's own API key.</summary>
    public string ServiceApiKeyFile(string service) => _folder.File($"api-key-{service}");

    /// <summary>Opens the secrets; makes keys, and writes the bootstrap file and the known hosts.</summary>
    public static async Task<SuiteSecrets> OpenAsync(SuiteLayout layout, CancellationToken cancellation)
    {
        var folder = new SecretFolder(layout.SecretsFolder);
        var secrets = new SuiteSecrets(folder);
        var hostKey = await folder.SshKeyAsync("proxy_host_ed25519", "workspaces-proxy", cancellation);
        await folder.SshKeyAsync("user_ca", "workspaces-user-ca", cancellation);
        var userKey = await folder.SshKeyAsync($"{User}_ed25519", $"{User}@local", cancellation);

        var bootstrap = new
        {
            keys = ServiceScopes
                .Select(service => new { name = service.Key, key = folder.ApiKey($"api-key-{service.Key}"), scopes = service.Value, user = (string?)null })
                .Append(new { name = User, key = secrets.UserApiKey, scopes = UserScopes, user = (string?)User }),
            users = new[] { new { name = User, uid = 1000, gid = 1000, email = $"{User}@example.com", role = "admin", sshKeys = new[] { userKey } } },
        };
        folder.Write(BootstrapName, JsonSerializer.Serialize(bootstrap, JsonSerializerOptions.Web));

        // "[host]:port" is how ssh writes hosts on another port than 22.
        await File.WriteAllTextAsync(layout.KnownHostsFile, $"[127.0.0.1]:{layout.Ports.Ssh} {hostKey}\n[localhost]:{layout.Ports.Ssh} {hostKey}\n", cancellation);
        return secrets;
    }
}
