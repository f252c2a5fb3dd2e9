using System.Globalization;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Reads <c>Prefer: wait=N</c> (RFC 7240 section 4.3). A preference that cannot be read is ignored, as the RFC says.</summary>
public static class Preferences
{
    /// <summary>Longest wait: proxies between here and the client end a silent request after a minute.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(55);

    /// <summary>How long the client wants to wait; null: not at all.</summary>
    public static TimeSpan? Wait(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer").SelectMany(value => value.Split(';')))
        {
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is ["wait", var text] && int.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            {
                var wait = TimeSpan.FromSeconds(seconds);
                return wait < Longest ? wait : Longest;
            }
        }

        return null;
    }
}
