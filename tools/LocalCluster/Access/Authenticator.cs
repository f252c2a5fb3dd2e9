using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// Says who a request is from: a bearer token (the administrator's, or a service account's) or a client certificate. Who shows neither is anonymous, and may
/// what roles give to <c>system:unauthenticated</c>; who shows a wrong one is refused. See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests.
/// </summary>
internal sealed class Authenticator
{
    private readonly CertificateAuthority _authority;
    private readonly ServiceAccountTokens _tokens;
    private readonly byte[] _adminToken;

    public Authenticator(CertificateAuthority authority, ServiceAccountTokens tokens, string folder)
    {
        (_authority, _tokens) = (authority, tokens);
        var file = Path.Combine(folder, "admin.token");
        if (!File.Exists(file))
        {
            PrivateFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        AdminToken = File.ReadAllText(file).Trim();
        _adminToken = Encoding.ASCII.GetBytes(AdminToken);
    }

    /// <summary>The token with which a caller is the administrator.</summary>
    public string AdminToken { get; }

    public static Caller Administrator { get; } = new("kubernetes-admin", [Caller.Masters, "system:authenticated"]);

    private static Caller Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>Who it is, or null: 401.</summary>
    public async Task<Caller?> AuthenticateAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return OfToken(header["Bearer ".Length..].Trim());
        }

        var certificate = await http.Connection.GetClientCertificateAsync();
        return certificate is null ? Anonymous : _authority.Accepts(certificate) ? OfCertificate(certificate) : null;
    }

    /// <summary>Who a bearer token is for, or null.</summary>
    public Caller? OfToken(string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token), _adminToken) ? Administrator : _tokens.Authenticate(token);

    private static Caller? OfCertificate(X509Certificate2 certificate)
    {
        string? name = null;
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.GetSingleElementType().Value == "2.5.4.3")
            {
                name = part.GetSingleElementValue();
            }
            else if (part.GetSingleElementType().Value == "2.5.4.10" && part.GetSingleElementValue() is { } group)
            {
                groups.Add(group);
            }
        }

        if (name is null)
        {
            return null;
        }

        var id = $"X509SHA256={Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))}";
        return new Caller(name, [.. groups, "system:authenticated"])
        {
            Extra = new Dictionary<string, IReadOnlyList<string>> { ["authentication.kubernetes.io/credential-id"] = [id] },
        };
    }
}
