using System.Security.Claims;
using System.Security.Cryptography;
using JasperFx;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Subscriptions over HTTP: made, changed, stopped, removed. A secret is shown once, by the answer that makes it.</summary>
internal static class SubscriptionsApi
{
    private const int MostPerCaller = 100;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz234567";
    private const int IdLength = 16;

    public static IEndpointRouteBuilder MapSubscriptionsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/subscriptions").WithTags("subscriptions").RequireScope(Scopes.SubscriptionsManage).AddEndpointFilter(AnswerConflictAsync);
        group.MapGet("", ListAsync).WithName("ListSubscriptions");
        group.MapPost("", CreateAsync).WithName("CreateSubscription");
        group.MapGet("/{id}", GetAsync).WithName("GetSubscription");
        group.MapPut("/{id}", ChangeAsync).WithName("ChangeSubscription");
        group.MapDelete("/{id}", RemoveAsync).WithName("RemoveSubscription");
        group.MapPost("/{id}/pause", PauseAsync).WithName("PauseSubscription");
        group.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeSubscription");
        group.MapPost("/{id}/rotate-secret", RotateAsync).WithName("RotateSubscriptionSecret");
        group.MapDeliveriesApi();
        return routes;
    }

    internal static ProblemHttpResult NotFound(string id) =>
        Problems.Problem("subscription-not-found", StatusCodes.Status404NotFound, $"You have no subscription '{id}'.");

    private static async Task<Ok<SubscriptionList>> ListAsync(ClaimsPrincipal caller, SubscriptionAccess access, SubscriptionViews views, CancellationToken cancellationToken)
    {
        var shown = new List<SubscriptionView>();
        foreach (var subscription in await access.AllAsync(caller, cancellationToken))
        {
            shown.Add(await views.OfAsync(subscription, cancellationToken));
        }

        return TypedResults.Ok(new SubscriptionList(shown));
    }

    private static async Task<Results<Created<SubscriptionView>, ProblemHttpResult>> CreateAsync(
        SubscriptionRequest request, ClaimsPrincipal caller, SubscriptionAccess access, SubscriptionViews views, WebhookStore store, SubscriptionSignal changes,
        WebhookTargets targets, StoredSecrets storedSecrets, LogReader log, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Check(targets, isNew: true) is { } problem)
        {
            return problem;
        }

        var head = await log.HeadAsync(cancellationToken);
        if (request.After > head.Last)
        {
            return EventQuery.Invalid("after", $"'after' is beyond the end of the log, which is {head.Last}.");
        }

        if (request.After + 1 < head.First)
        {
            return CursorTooOld.Problem(head.First);
        }

        if ((await access.AllAsync(caller, cancellationToken)).Count(subscription => subscription.CreatedBy == caller.Subject()) >= MostPerCaller)
        {
            return Problems.Problem("too-many-subscriptions", StatusCodes.Status409Conflict, $"You have {MostPerCaller} subscriptions already; remove one first.");
        }

        var now = clock.GetUtcNow();
        var secret = request.Secret ?? WebhookSecret.New().Text;
        var id = $"sub_{RandomNumberGenerator.GetString(IdLetters, IdLength)}";
        var subscription = new Subscription
        {
            Id = id,
            Description = request.Description,
            Url = new Uri(request.Url!),
            Filter = request.ToFilter(),
            Secrets = [new SubscriptionSecret(storedSecrets.Protect(secret, id), ValidUntil: null)],
            CreatedBy = caller.Subject(),
            CreatedAt = now,
            EnabledAt = now,
            After = request.After ?? head.Last,
            Version = 1,
        };
        await store.AddAsync(subscription, cancellationToken);
        changes.Raise();
        return TypedResults.Created($"/v1/subscriptions/{subscription.Id}", await views.OfAsync(subscription, cancellationToken) with { Secret = secret });
    }

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> GetAsync(
        string id, ClaimsPrincipal caller, SubscriptionAccess access, SubscriptionViews views, CancellationToken cancellationToken) =>
        await access.FindAsync(caller, id, cancellationToken) is { } subscription
            ? TypedResults.Ok(await views.OfAsync(subscription, cancellationToken))
            : NotFound(id);

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> ChangeAsync(
        string id, SubscriptionRequest request, ClaimsPrincipal caller, SubscriptionEditor editor, WebhookTargets targets, CancellationToken cancellationToken) =>
        request.Check(targets, isNew: false) is { } problem
            ? problem
            : await editor.ChangeAsync(
                caller,
                id,
                subscription => subscription with { Url = new Uri(request.Url!), Description = request.Description, Filter = request.ToFilter() },
                cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string id, ClaimsPrincipal caller, SubscriptionAccess access, WebhookStore store, SubscriptionSignal changes, CancellationToken cancellationToken)
    {
        if (await access.FindAsync(caller, id, cancellationToken) is null)
        {
            return NotFound(id);
        }

        await store.RemoveAsync(id, cancellationToken);
        changes.Raise();
        return TypedResults.NoContent();
    }

    private static Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> PauseAsync(
        string id, ClaimsPrincipal caller, SubscriptionEditor editor, CancellationToken cancellationToken) =>
        editor.ChangeAsync(caller, id, subscription => subscription with { Paused = true }, cancellationToken);

    private static Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> ResumeAsync(
        string id, ClaimsPrincipal caller, SubscriptionEditor editor, TimeProvider clock, CancellationToken cancellationToken) =>
        editor.ChangeAsync(caller, id, subscription => subscription with { Paused = false, EnabledAt = clock.GetUtcNow() }, cancellationToken);

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> RotateAsync(
        string id, ClaimsPrincipal caller, SubscriptionEditor editor, StoredSecrets storedSecrets, IOptions<DeliveryOptions> options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (secret, now) = (WebhookSecret.New().Text, clock.GetUtcNow());
        var until = now + options.Value.RotationOverlap;
        return await editor.ChangeAsync(
            caller,
            id,
            subscription => subscription with
            {
                Secrets =
                [
                    new SubscriptionSecret(storedSecrets.Protect(secret, id), ValidUntil: null),
                    .. subscription.Secrets.Where(old => (old.ValidUntil is not { } end || end > now) && storedSecrets.CanRead(old.Text)).Select(old => old with { ValidUntil = old.ValidUntil ?? until }),
                ],
            },
            cancellationToken,
            view => view with { Secret = secret });
    }

    private static async ValueTask<object?> AnswerConflictAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ConcurrencyException)
        {
            return Problems.Problem("subscription-changed", StatusCodes.Status409Conflict, "Somebody else changed the subscription at the same time. Look at it and try again.");
        }
    }

    private sealed record SubscriptionList(IReadOnlyList<SubscriptionView> Subscriptions);
}
