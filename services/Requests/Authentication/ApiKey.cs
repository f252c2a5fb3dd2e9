using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Requests.Authentication;

/// <summary>
/// An API key. Stored is only its SHA-256: a key has so many random bits that nobody can try them all, so the slow and salted
/// hashes that passwords need would only cost time at every request.
/// </summary>
public sealed record ApiKey
{
    /// <summary>What every key begins with, so that scanners find keys that leaked into repositories.</summary>
    public const string Prefix = "wsk_";

    /// <summary>Characters after the prefix below which a key is too weak for the way it is stored.</summary>
    public const int MinSecretLength = 32;

    /// <summary>Name of the key.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the key, in hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>What it may be used for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The user it acts as; null: a service or bot of its own.</summary>
    public string? User { get; init; }

    /// <summary>When it stops being valid.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether the bootstrap file makes it known at each start.</summary>
    public bool FromBootstrap { get; init; }

    /// <summary>When it was made known.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Hash of a key as it is stored.</summary>
    public static string HashOf(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whether a text has the form of a key, strong enough for the way it is stored.</summary>
    public static bool IsWellFormed(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.Length is >= 4 + MinSecretLength and <= 256
        && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
