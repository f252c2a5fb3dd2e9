using System.Globalization;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>A limit of at most so many times the request.</summary>
internal static class RatioCheck
{
    public static string? Refusal(string limitType, string resource, Quantity ratio, Amounts requests, Amounts limits)
    {
        if (!requests.TryGetValue(resource, out var request) || request.Nano.IsZero)
        {
            return $"{resource} max limit to request ratio per {limitType} is {ratio}, but no request is specified or request is 0";
        }

        if (!limits.TryGetValue(resource, out var limit) || limit.Nano.IsZero)
        {
            return $"{resource} max limit to request ratio per {limitType} is {ratio}, but no limit is specified or limit is 0";
        }

        var provided = (double)limit.Nano / (double)request.Nano;
        return provided * 1000 > (double)ratio.Milli
            ? string.Create(CultureInfo.InvariantCulture, $"{resource} max limit to request ratio per {limitType} is {ratio}, but provided ratio is {provided:F6}")
            : null;
    }
}
