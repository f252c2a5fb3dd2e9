namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>Whether a token is valid cannot be decided now.</summary>
public sealed class TokenValidatorUnavailableException : Exception
{
    /// <inheritdoc/>
    public TokenValidatorUnavailableException()
    {
    }

    /// <inheritdoc/>
    public TokenValidatorUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public TokenValidatorUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
