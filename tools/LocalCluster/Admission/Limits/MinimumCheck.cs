using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>A request, and a limit where there is one, of at least the minimum.</summary>
internal static class MinimumCheck
{
    public static string? Refusal(string limitType, string resource, Quantity minimum, Amounts requests, Amounts limits)
    {
        if (!requests.TryGetValue(resource, out var request))
        {
            return $"minimum {resource} usage per {limitType} is {minimum}.  No request is specified";
        }

        if (request < minimum)
        {
            return $"minimum {resource} usage per {limitType} is {minimum}, but request is {request}";
        }

        return limits.TryGetValue(resource, out var limit) && limit < minimum
            ? $"minimum {resource} usage per {limitType} is {minimum}, but limit is {limit}"
            : null;
    }
}
