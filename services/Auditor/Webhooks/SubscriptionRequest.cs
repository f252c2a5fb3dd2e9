using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>The body of <c>POST /v1/subscriptions</c> and <c>PUT /v1/subscriptions/{id}</c>. A member that there is not is an error.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionRequest
{
    private const int LongestDescription = 200;
    private const int LongestName = 253;

    /// <summary>Where events go: an https URL.</summary>
    public string? Url { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Types of event; none or absent: all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Id of the workspace.</summary>
    public string? Workspace { get; init; }

    /// <summary>Owner of the workspace.</summary>
    public string? Owner { get; init; }

    /// <summary>Who acted.</summary>
    public string? User { get; init; }

    /// <summary>The workload, <c>NAMESPACE/KIND/NAME</c>.</summary>
    public string? Target { get; init; }

    /// <summary>Only when made: delivery begins after this sequence; absent: with what happens from now on.</summary>
    public long? After { get; init; }

    /// <summary>Only when made: the secret; absent: one is made.</summary>
    public string? Secret { get; init; }

    /// <summary>Which events.</summary>
    public LogFilter ToFilter() => new()
    {
        Types = Types is { Count: > 0 } ? [.. Types.Distinct()] : null,
        WorkspaceId = Workspace,
        Owner = Owner,
        User = User,
        Target = Target,
    };

    /// <summary>What is wrong with it; null: nothing.</summary>
    public ProblemHttpResult? Check(WebhookTargets targets, bool isNew)
    {
        if (targets.WhyNot(Url) is { } refusal)
        {
            return EventQuery.Invalid("url", $"'url' cannot be the target of a webhook. {refusal}");
        }

        if (FilterRules.ProblemOf(Types ?? [], Workspace, Target, forSubscribers: true) is var (parameter, detail))
        {
            return EventQuery.Invalid(parameter == "type" ? "types" : parameter, detail);
        }

        if (Description?.Length > LongestDescription)
        {
            return EventQuery.Invalid("description", $"'description' has at most {LongestDescription} characters.");
        }

        if (Owner is { Length: 0 or > LongestName } || User is { Length: 0 or > LongestName })
        {
            return EventQuery.Invalid(Owner is { Length: 0 or > LongestName } ? "owner" : "user", $"It is a name of 1 to {LongestName} characters.");
        }

        if (!isNew && (After is not null || Secret is not null))
        {
            return EventQuery.Invalid(After is not null ? "after" : "secret", "It cannot be changed here: replay a range, or rotate the secret.");
        }

        if (Secret is not null && !WebhookSecret.TryParse(Secret, out _))
        {
            return EventQuery.Invalid("secret", $"'secret' is {WebhookSecret.Prefix} and 24 to 64 bytes in base64; leave it out to have one made.");
        }

        return After < 0 ? EventQuery.Invalid("after", "'after' is a sequence in the log: 0 is its beginning.") : null;
    }
}
