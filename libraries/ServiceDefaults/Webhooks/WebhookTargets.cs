using System.Net;
using Microsoft.Extensions.Options;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>Decides where webhooks may go. The URL is judged when it is given; the address each time a connection is made.</summary>
public sealed class WebhookTargets
{
    private const int LongestUrl = 2048;

    private readonly bool _allowHttp;
    private readonly IPNetwork[] _allowed;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A network is not written as one.</exception>
    public WebhookTargets(IOptions<WebhookOptions> options)
    {
        _allowHttp = options.Value.AllowInsecureHttp;
        _allowed = [.. options.Value.AllowedPrivateNetworks.Select(text => IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidOperationException($"{WebhookOptions.Section}:{nameof(WebhookOptions.AllowedPrivateNetworks)} has '{text}', which is not a network such as 10.20.0.0/16."))];
    }

    /// <summary>Why a URL cannot be the target of a webhook; null: it can, as far as the URL itself says.</summary>
    public string? WhyNot(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
        {
            return $"It must be an absolute https URL of at most {LongestUrl} characters.";
        }

        if (url.Scheme == Uri.UriSchemeHttp && !_allowHttp)
        {
            return "It must be an https URL; this installation does not allow http.";
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return "It must have neither user name, password nor fragment: receivers verify the signature.";
        }

        return IPAddress.TryParse(url.DnsSafeHost, out var address) && !Allows(address)
            ? $"{address} is not a public address, and this installation does not allow its network."
            : null;
    }

    /// <summary>Whether a connection to the address may be made.</summary>
    public bool Allows(IPAddress address) =>
        PublicAddress.IsPublic(address) || _allowed.Any(network => network.Contains(PublicAddress.Plain(address)));
}
