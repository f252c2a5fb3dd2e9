using System.Text.Json.Serialization;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>
/// What a token says about its bearer: the answer of <c>POST /internal/v1/introspect</c> (RFC 7662 section 2.2).
/// An inactive token has nothing but <c>"active": false</c>, whatever the cause.
/// </summary>
public sealed record TokenInfo
{
    /// <summary>The answer for every token that must not be accepted.</summary>
    public static TokenInfo Inactive { get; } = new() { Active = false };

    /// <summary>Whether the token may be accepted now.</summary>
    [JsonPropertyName("active")]
    public required bool Active { get; init; }

    /// <summary>Who: the user's name, or the key's name for a key that belongs to no user.</summary>
    [JsonPropertyName("sub")]
    public string? Subject { get; init; }

    /// <summary>The user's name; absent for a key that belongs to no user.</summary>
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    /// <summary>Name of the API key, or the client of an OIDC token.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>Scopes, separated by spaces.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>When it stops being valid, in seconds since 1970; absent: it does not expire.</summary>
    [JsonPropertyName("exp")]
    public long? ExpiresAt { get; init; }

    /// <summary>Roles of the user.</summary>
    [JsonPropertyName("roles")]
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Name of the API key; absent for other kinds of token.</summary>
    [JsonPropertyName("key")]
    public string? Key { get; init; }
}
