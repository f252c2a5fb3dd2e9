using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Webhooks;

/// <summary>What became of a subscription's events: attempts, dead letters, and delivering a range once more.</summary>
internal static class DeliveriesApi
{
    private static readonly string[] Parameters = ["state", "after", "limit"];

    public static void MapDeliveriesApi(this IEndpointRouteBuilder group)
    {
        group.MapGet("/{id}/deliveries", ListAsync).WithName("ListDeliveries");
        group.MapPost("/{id}/replays", ReplayAsync).WithName("ReplayEvents");
        group.MapGet("/{id}/replays", ReplaysAsync).WithName("ListReplays");
    }

    private static async Task<Results<Ok<DeliveryPage>, ProblemHttpResult>> ListAsync(
        string id, HttpRequest request, ClaimsPrincipal caller, SubscriptionAccess access, WebhookStore store, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(caller, id, cancellationToken) is null)
        {
            return SubscriptionsApi.NotFound(id);
        }

        if ((EventQuery.CheckNames(request.Query, Parameters) ?? EventQuery.CheckRange(request.Query)) is { } problem)
        {
            return problem;
        }

        var state = QueryText.One(request.Query, "state");
        if (state is not null && !Enum.GetNames<DeliveryState>().Contains(state, StringComparer.OrdinalIgnoreCase))
        {
            return EventQuery.Invalid("state", $"'state' is one of {string.Join(", ", Enum.GetNames<DeliveryState>())}.");
        }

        var limit = (int)QueryText.NumberOf(request.Query, "limit", EventQuery.DefaultLimit);
        var deliveries = await store.DeliveriesAsync(
            id, state is null ? null : Enum.Parse<DeliveryState>(state, ignoreCase: true), QueryText.NumberOf(request.Query, "after", 0), limit + 1, cancellationToken);
        var shown = deliveries.Take(limit).Select(DeliveryView.Of).ToList();
        return TypedResults.Ok(new DeliveryPage(shown, shown.Count == 0 ? null : shown[^1].Sequence, deliveries.Count > limit));
    }

    private static async Task<Results<Accepted<Replay>, ProblemHttpResult>> ReplayAsync(
        string id, ReplayRequest request, ClaimsPrincipal caller, SubscriptionAccess access, WebhookStore store, LogReader log, SubscriptionSignal changes,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(caller, id, cancellationToken) is null)
        {
            return SubscriptionsApi.NotFound(id);
        }

        var head = await log.HeadAsync(cancellationToken);
        if (request is not { From: > 0 and var from, To: > 0 and var to } || from > to || to > head.Last)
        {
            return EventQuery.Invalid("from", $"'from' and 'to' are sequences in the log, both included, and 'from' is not after 'to'; the log ends at {head.Last}.");
        }

        if (from < head.First)
        {
            return CursorTooOld.Problem(head.First);
        }

        if (await store.OpenReplaysAsync(id, cancellationToken) is { Count: >= 10 })
        {
            return Problems.Problem("too-many-replays", StatusCodes.Status409Conflict, "Ten replays of this subscription are not done yet. Wait for them.");
        }

        var replay = new Replay
        {
            Id = Guid.NewGuid(),
            SubscriptionId = id,
            From = from,
            To = to,
            DeadOnly = request.DeadOnly ?? false,
            RequestedBy = caller.Subject(),
            RequestedAt = clock.GetUtcNow(),
            Done = from - 1,
        };
        if (await store.ChangeAsync(id, subscription => subscription, cancellationToken, replay) is null)
        {
            return SubscriptionsApi.NotFound(id);
        }

        changes.Raise();
        return TypedResults.Accepted($"/v1/subscriptions/{id}/replays", replay);
    }

    private static async Task<Results<Ok<ReplayList>, ProblemHttpResult>> ReplaysAsync(
        string id, ClaimsPrincipal caller, SubscriptionAccess access, WebhookStore store, CancellationToken cancellationToken) =>
        await access.FindAsync(caller, id, cancellationToken) is null
            ? SubscriptionsApi.NotFound(id)
            : TypedResults.Ok(new ReplayList(await store.ReplaysAsync(id, cancellationToken)));

    /// <param name="From">First sequence.</param>
    /// <param name="To">Last sequence.</param>
    /// <param name="DeadOnly">Only dead letters.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record ReplayRequest(long? From, long? To, bool? DeadOnly);

    private sealed record ReplayList(IReadOnlyList<Replay> Replays);

    private sealed record DeliveryPage(IReadOnlyList<DeliveryView> Deliveries, long? Next, bool More);

    private sealed record DeliveryView(
        long Sequence, Guid EventId, string Type, DeliveryState State, DateTimeOffset Since, DateTimeOffset? NextAttemptAt, DateTimeOffset? DoneAt, int AttemptCount,
        IReadOnlyList<DeliveryAttempt> Attempts)
    {
        public static DeliveryView Of(Delivery delivery) => new(
            delivery.Sequence, delivery.EventId, delivery.Type, delivery.State, delivery.Since, delivery.NextAttemptAt, delivery.DoneAt, delivery.AttemptCount, delivery.Attempts);
    }
}
