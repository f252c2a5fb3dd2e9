using System.Security.Cryptography;

namespace Workspaces.Contracts;

/// <summary>
/// Ids of workspaces: 10 characters of lower-case base32 (RFC 4648 section 6) that start with a letter, because they go into
/// Kubernetes names and label keys.
/// </summary>
public static class WorkspaceId
{
    /// <summary>Characters in a new id.</summary>
    public const int Length = 10;

    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const string Alphabet = Letters + "234567";

    /// <summary>A new random id (about 50 bits).</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, 1) + RandomNumberGenerator.GetString(Alphabet, Length - 1);

    /// <summary>Whether <paramref name="value"/> has the form of an id.</summary>
    public static bool IsValid(string? value) =>
        value is { Length: > 0 and <= Length } && Letters.Contains(value[0]) && value.All(Alphabet.Contains);
}
