namespace Workspaces.Contracts;

/// <summary>The form of names that become Kubernetes names: a DNS label (RFC 1123 section 2.1).</summary>
public static class DnsLabel
{
    /// <summary>Longest label, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>Whether <paramref name="value"/> is 1 to <paramref name="maxLength"/> of a-z, 0-9 and '-', with no '-' at either end.</summary>
    public static bool IsValid(string? value, int maxLength = MaxLength) =>
        value is { Length: > 0 } && value.Length <= maxLength && value[0] != '-' && value[^1] != '-'
        && value.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
