using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>A request of at most the maximum, for what has no limits: claims.</summary>
internal static class MaximumRequestCheck
{
    public static string? Refusal(string limitType, string resource, Quantity maximum, Amounts requests)
    {
        if (!requests.TryGetValue(resource, out var request))
        {
            return $"maximum {resource} usage per {limitType} is {maximum}.  No request is specified";
        }

        return request > maximum ? $"maximum {resource} usage per {limitType} is {maximum}, but request is {request}" : null;
    }
}
