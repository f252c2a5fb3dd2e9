using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>A limit, and a request where there is one, of at most the maximum.</summary>
internal static class MaximumCheck
{
    public static string? Refusal(string limitType, string resource, Quantity maximum, Amounts requests, Amounts limits)
    {
        if (!limits.TryGetValue(resource, out var limit))
        {
            return $"maximum {resource} usage per {limitType} is {maximum}.  No limit is specified";
        }

        if (limit > maximum)
        {
            return $"maximum {resource} usage per {limitType} is {maximum}, but limit is {limit}";
        }

        return requests.TryGetValue(resource, out var request) && request > maximum
            ? $"maximum {resource} usage per {limitType} is {maximum}, but request is {request}"
            : null;
    }
}
