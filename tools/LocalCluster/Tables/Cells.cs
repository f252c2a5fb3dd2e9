using System.Globalization;

namespace Workspaces.LocalCluster.Tables;

/// <summary>How values are shown in tables.</summary>
internal static class Cells
{
    /// <summary>How long ago a time was, as kubectl says it: 5s, 3m12s, 4h5m, 2d.</summary>
    public static string Age(string? time) =>
        time is null ? "<unknown>" : Duration(DateTimeOffset.UtcNow - DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    public static string Duration(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        if (seconds < 120)
        {
            return $"{seconds}s";
        }

        var minutes = seconds / 60;
        if (minutes < 10)
        {
            return seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s";
        }

        if (minutes < 180)
        {
            return $"{minutes}m";
        }

        var hours = minutes / 60;
        if (hours < 8)
        {
            return minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m";
        }

        if (hours < 48)
        {
            return $"{hours}h";
        }

        var days = hours / 24;
        if (days < 8)
        {
            return hours % 24 == 0 ? $"{days}d" : $"{days}d{hours % 24}h";
        }

        if (days < 730)
        {
            return $"{days}d";
        }

        return days < 2920 ? days % 365 == 0 ? $"{days / 365}y" : $"{days / 365}y{days % 365}d" : $"{days / 365}y";
    }
}
