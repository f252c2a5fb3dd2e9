using Microsoft.AspNetCore.Http.Features;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>Turns an HTTP connection into one of SPDY, as clients before WebSockets ask for it.</summary>
internal static class SpdyUpgrade
{
    private const string Name = "SPDY/3.1";
    private const string ProtocolHeader = "X-Stream-Protocol-Version";

    public static bool IsAsked(HttpRequest request) => request.Headers.Upgrade.ToString().Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts the upgrade with a protocol that the client offers; 403 in the words of a node where it offers another.</summary>
    public static async Task<Stream> AcceptAsync(HttpContext http, string protocol)
    {
        var offered = http.Request.Headers[ProtocolHeader].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (offered.Count > 0 && !offered.Contains(protocol))
        {
            throw new ApiStatusException(
                403, "Forbidden", $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', offered)}], server accepts [{protocol}]");
        }

        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            throw ApiErrors.BadRequest("Upgrade request required");
        }

        http.Response.Headers.Upgrade = Name;
        http.Response.Headers[ProtocolHeader] = protocol;
        return await upgrade.UpgradeAsync();
    }
}
