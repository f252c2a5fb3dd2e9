using System.Globalization;

namespace Workspaces.Auditor.Querying;

/// <summary>Reads parameters of a query string. An empty one is the same as none, so that the templates in the documentation work as they are.</summary>
internal static class QueryText
{
    public static string? One(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

    public static long NumberOf(IQueryCollection query, string name, long absent) =>
        One(query, name) is not { } text ? absent
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : -1;

    /// <summary>A time of RFC 3339, with offset; null where it is absent or something else.</summary>
    public static DateTimeOffset? TimeOf(IQueryCollection query, string name) =>
        One(query, name) is { } text && text.Contains('T', StringComparison.OrdinalIgnoreCase) && HasOffset(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>A time without an offset would mean something else on another machine.</summary>
    private static bool HasOffset(string text) => text.EndsWith('Z') || text.EndsWith('z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.OrdinalIgnoreCase);
}
