using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Querying;

/// <summary>The log over HTTP.</summary>
internal static class EventsApi
{
    public static IEndpointRouteBuilder MapEventsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/events", ReadAsync).RequireScope(Scopes.EventsRead).WithName("ReadEvents");
        return routes;
    }

    private static async Task<Results<Ok<EventPage>, ProblemHttpResult>> ReadAsync(
        HttpRequest request, LogReader log, CancellationToken cancellationToken)
    {
        if (!EventQuery.TryRead(request.Query, out var query, out var problem))
        {
            return problem;
        }

        var head = await log.HeadAsync(cancellationToken);
        if (query.After + 1 < head.First)
        {
            return Problems.Problem(
                "cursor-too-old",
                StatusCodes.Status410Gone,
                $"Events up to {head.First - 1} have been archived; the log begins at {head.First}. Read with after={head.First - 1}, and the archive for what was before.");
        }

        // One more than asked for tells whether there are more.
        var entries = await log.ReadAsync(query.Filter, query.After, query.Limit + 1, cancellationToken);
        var page = entries.Take(query.Limit).Select(LoggedEvent.From).ToList();
        var more = entries.Count > query.Limit;
        // Without more matches the reader need not look again at what it has just been told does not match.
        var next = more ? page[^1].Sequence : Math.Max(head.Last, Math.Max(query.After, page.Count > 0 ? page[^1].Sequence : 0));
        return TypedResults.Ok(new EventPage(page, next, more));
    }
}
