using System.Globalization;

namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>Durations as blueprints and requests write them: <c>90s</c>, <c>30m</c>, <c>12h</c>, <c>3d</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    /// <summary>Longest duration that is accepted; longer ones are typing errors.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Parses a duration greater than nothing.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        var total = 0m;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                continue;
            }

            var seconds = text[i] switch { 's' => 1m, 'm' => 60m, 'h' => 3600m, 'd' => 86400m, _ => 0m };
            if (seconds == 0 || i - start is 0 or > 9)
            {
                return false;
            }

            total += seconds * decimal.Parse(text.AsSpan(start, i - start), CultureInfo.InvariantCulture);
            start = i + 1;
        }

        // A number without a unit at the end, nothing at all, or more than anybody means.
        if (start != text.Length || total == 0 || total > (decimal)Longest.TotalSeconds)
        {
            return false;
        }

        value = TimeSpan.FromSeconds((double)total);
        return true;
    }
}
