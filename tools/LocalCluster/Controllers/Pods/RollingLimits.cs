using System.Globalization;
using k8s.Models;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>How many pods a rolling update may have too many, and too few. Numbers or percents of what is desired. Pure.</summary>
internal static class RollingLimits
{
    /// <summary>
    /// Surge is rounded up, unavailability down; where both come to nothing one pod may be unavailable, or nothing would ever move
    /// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment).
    /// </summary>
    public static (int Surge, int Unavailable) Resolve(IntOrString? maxSurge, IntOrString? maxUnavailable, int desired)
    {
        var surge = Scale(maxSurge, desired, roundUp: true);
        var unavailable = Scale(maxUnavailable, desired, roundUp: false);
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }

    /// <summary>A number as it is; a percent of a total.</summary>
    public static int Scale(IntOrString? value, int total, bool roundUp)
    {
        if (value?.Value is not { Length: > 0 } text)
        {
            return 0;
        }

        if (!text.EndsWith('%'))
        {
            return int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }

        if (!int.TryParse(text[..^1], CultureInfo.InvariantCulture, out var percent))
        {
            return 0;
        }

        var exact = (long)percent * total;
        return (int)((exact + (roundUp ? 99 : 0)) / 100);
    }
}
