using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Workspaces.LocalSuite.Servers;

/// <summary>RabbitMQ's definitions file: accounts and permissions, with salted hashes instead of passwords.</summary>
internal static class RabbitMqDefinitions
{
    private const string VirtualHost = "/";
    private static readonly string[] AdministratorTags = ["administrator"];

    /// <summary>The file's text.</summary>
    public static string Of(IReadOnlyList<RabbitMqAccount> accounts) =>
        JsonSerializer.Serialize(new
        {
            vhosts = new[] { new { name = VirtualHost } },
            users = accounts.Select(account => new
            {
                name = account.Name,
                password_hash = Hash(account.Password),
                hashing_algorithm = "rabbit_password_hashing_sha256",
                tags = account.Administrator ? AdministratorTags : [],
            }),
            permissions = accounts.Select(account => new
            {
                user = account.Name,
                vhost = VirtualHost,
                configure = account.Configure,
                write = account.Write,
                read = account.Read,
            }),
        });

    /// <summary>Base64 of four random bytes and the SHA-256 of them and the password, as RabbitMQ's documentation on passwords says.</summary>
    private static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }
}
