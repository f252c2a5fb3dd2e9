namespace Workspaces.Proxy;

/// <summary>Text from elsewhere (the cluster, a client, another service) as it may be shown on a terminal and written to a log.</summary>
internal static class SafeText
{
    private const int MaxLength = 500;

    /// <summary>One line without control characters, bidirectional overrides or other invisible ones, cut where it is too long.</summary>
    public static string OneLine(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new string([.. text.Take(MaxLength).Select(c => char.IsControl(c) || IsInvisible(c) ? ' ' : c)]).Trim();
        return text.Length > MaxLength ? clean + "..." : clean;
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is
        System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.Surrogate;
}
