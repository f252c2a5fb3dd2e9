using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;

namespace Workspaces.Proxy.Directory;

/// <summary>Reads the directory from Requests.</summary>
public sealed class DirectoryClient(HttpClient http)
{
    private static readonly Uri Directory = new("internal/v1/directory", UriKind.Relative);

    /// <summary>The directory as it is now.</summary>
    /// <exception cref="HttpRequestException">Requests did not answer, or refused.</exception>
    public async Task<DirectorySnapshot> ReadAsync(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<DirectorySnapshot>(Directory, ContractsJson.Options, cancellationToken)
        ?? throw new HttpRequestException("Requests answered with an empty directory.");
}
