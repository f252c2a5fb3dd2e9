using System.Net.Http.Headers;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>Adds this service's own API key to outgoing requests.</summary>
public sealed class OwnApiKeyHandler(OwnApiKey key) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue(BearerTokenHandler.SchemeName, await key.ReadAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
