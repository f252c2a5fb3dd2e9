using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// Issues and checks tokens of service accounts: JWTs (RFC 7519) signed with ES256 by a key in the state folder, bound to the account's uid, so
/// that deleting the account ends them. The node uses it for the tokens that it mounts into pods.
/// </summary>
public sealed class ServiceAccountTokens : IDisposable
{
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    private readonly ObjectStore _store;
    private readonly TimeProvider _clock;
    private readonly ECDsa _key;

    public ServiceAccountTokens(ObjectStore store, string folder, TimeProvider clock)
    {
        (_store, _clock) = (store, clock);
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(folder, "sa.key");
        if (File.Exists(file))
        {
            _key.ImportFromPem(File.ReadAllText(file));
        }
        else
        {
            PrivateFile.Write(file, _key.ExportPkcs8PrivateKeyPem());
        }
    }

    /// <summary>A token for an account that exists (404 otherwise), valid for <paramref name="lifetime"/>; bound to an object where one is given.</summary>
    public (string Token, DateTimeOffset Expires) Issue(string ns, string account, TimeSpan lifetime, IReadOnlyList<string>? audiences = null, TokenBinding? binding = null)
    {
        var stored = _store.Get(ResourceTypes.ServiceAccounts, ns, account) ?? throw ApiErrors.NotFound(ResourceTypes.ServiceAccounts, account);
        var now = _clock.GetUtcNow();
        var expires = now + lifetime;
        var kubernetes = new JsonObject
        {
            ["namespace"] = ns,
            ["serviceaccount"] = new JsonObject { ["name"] = account, ["uid"] = stored.Uid },
        };
        if (binding is not null)
        {
            kubernetes[binding.Claim] = binding.ToClaim();
            if (binding.Node is { } node)
            {
                kubernetes[node.Claim] = node.ToClaim();
            }
        }

        var payload = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = $"system:serviceaccount:{ns}:{account}",
            ["aud"] = new JsonArray([.. (audiences is { Count: > 0 } ? audiences : [Issuer]).Select(a => (JsonNode)a)]),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = kubernetes,
        };
        var text = $"{Encode("""{"alg":"ES256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(payload.ToJsonString(ApiJson.Options)))}";
        return ($"{text}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}", expires);
    }

    /// <summary>Whose token this is; null where it is not one of ours, is over, or its account or what it is bound to is gone.</summary>
    public Caller? Authenticate(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        JsonObject payload;
        try
        {
            if (!_key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256))
            {
                return null;
            }

            payload = JsonNode.Parse(Decode(parts[1]))!.AsObject();
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // Not a token of ours: the caller answers 401.
            return null;
        }

        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var kubernetes = payload["kubernetes.io"];
        var (ns, account) = (kubernetes.Text("namespace") ?? "", kubernetes.Text("serviceaccount", "name") ?? "");
        if (payload.Number("exp") <= now || payload["aud"] is not JsonArray audiences || !audiences.Any(a => (string?)a == Issuer))
        {
            return null;
        }

        var stored = _store.Get(ResourceTypes.ServiceAccounts, ns, account);
        return stored is null || stored.Uid != kubernetes.Text("serviceaccount", "uid") || !TokenBinding.Holds(kubernetes, ns, _store)
            ? null
            : new Caller(
                $"system:serviceaccount:{ns}:{account}",
                ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"],
                stored.Uid)
            {
                Extra = ExtraOf(payload, kubernetes),
            };
    }

    public void Dispose() => _key.Dispose();

    /// <summary>Which token it is, and which pod and node it is for.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ExtraOf(JsonObject payload, JsonNode? kubernetes)
    {
        const string Prefix = "authentication.kubernetes.io/";
        var extra = new Dictionary<string, IReadOnlyList<string>> { [Prefix + "credential-id"] = [$"JTI={payload.Text("jti")}"] };
        foreach (var claim in new[] { "node", "pod" })
        {
            foreach (var part in new[] { "name", "uid" })
            {
                if (kubernetes.Text(claim, part) is { } value)
                {
                    extra[$"{Prefix}{claim}-{part}"] = [value];
                }
            }
        }

        return extra;
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
