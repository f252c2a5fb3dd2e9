using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Querying;

/// <summary>What is wrong with a filter that somebody sent, by parameter: the same for queries and for subscriptions.</summary>
internal static class FilterRules
{
    /// <summary>Names of the events that are logged.</summary>
    public static IReadOnlyList<string> EventTypes { get; } =
        [.. Topology.Exchanges.Select(exchange => exchange.EventType).Where(type => type != typeof(WorkspaceActivity)).Select(type => type.Name)];

    private static readonly IReadOnlyList<string> LoggedTypes = [.. EventTypes, LogEntry.UnknownType];

    /// <summary>The first problem: which parameter, and one sentence.</summary>
    public static (string Parameter, string Problem)? ProblemOf(IReadOnlyList<string> types, string? workspace, string? target, bool forSubscribers = false)
    {
        var known = forSubscribers ? EventTypes : LoggedTypes;
        if (types.FirstOrDefault(type => !known.Contains(type)) is { } unknown)
        {
            return ("type", $"There is no event type '{unknown}'; there are: {string.Join(", ", known)}.");
        }

        if (workspace is not null && !WorkspaceId.IsValid(workspace))
        {
            return ("workspace", "'workspace' is the id of a workspace: at most 10 characters of a-z and 2-7, the first one a letter.");
        }

        return target is not null && target.Split('/') is not [{ Length: > 0 }, { Length: > 0 }, { Length: > 0 }]
            ? ("target", "'target' is a workload, NAMESPACE/KIND/NAME: shop/Deployment/payments.")
            : null;
    }
}
