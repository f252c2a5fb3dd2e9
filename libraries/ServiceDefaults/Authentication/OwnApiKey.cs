using Microsoft.Extensions.Configuration;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>
/// The API key that this service shows to other services: setting <c>ApiKeys:Own</c>, or the content of the file that
/// <c>ApiKeys:Own:File</c> names. The file is read at each use, so that a rotated key needs no restart.
/// </summary>
public sealed class OwnApiKey(IConfiguration configuration)
{
    /// <summary>The key as it is now.</summary>
    /// <exception cref="InvalidOperationException">Neither setting is there, or the file cannot be read.</exception>
    public async ValueTask<string> ReadAsync(CancellationToken cancellationToken)
    {
        if (configuration["ApiKeys:Own"] is { Length: > 0 } key)
        {
            return key;
        }

        var path = configuration["ApiKeys:Own:File"]
            ?? throw new InvalidOperationException("This service has no API key: set ApiKeys:Own:File to the file that holds it, or ApiKeys:Own.");
        try
        {
            var content = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            return content.Length > 0 ? content : throw new InvalidOperationException($"The API key file '{path}' is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The API key file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
