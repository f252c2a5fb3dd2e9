using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Querying;

/// <summary>The log over HTTP: a page at a time, or as a stream for whoever accepts <c>text/event-stream</c>.</summary>
internal static class EventsApi
{
    private const string LastEventIdHeader = "Last-Event-ID";

    public static IHostApplicationBuilder AddEventsApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventStream>();
        return builder;
    }

    public static IEndpointRouteBuilder MapEventsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/events", ReadAsync).RequireScope(Scopes.EventsRead).WithName("ReadEvents");
        return routes;
    }

    private static async Task<Results<Ok<EventPage>, ProblemHttpResult, EmptyHttpResult>> ReadAsync(
        HttpContext context, LogReader log, EventStream stream, CancellationToken cancellationToken)
    {
        if (!EventQuery.TryRead(context.Request.Query, out var query, out var problem))
        {
            return problem;
        }

        var isStream = context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == EventStream.ContentType);
        var after = query.After;
        if (isStream && context.Request.Headers.TryGetValue(LastEventIdHeader, out var lastEventId)
            && !long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return Problems.Problem("invalid-parameter", StatusCodes.Status400BadRequest, $"'{LastEventIdHeader}' is the id of an event of this stream: a number.");
        }

        var page = await log.PageAsync(query.Filter, after, isStream ? 1 : query.Limit, cancellationToken);
        if (page.BeginsAfter(after))
        {
            return CursorTooOld.Problem(page.First);
        }

        if (!isStream)
        {
            return TypedResults.Ok(new EventPage([.. page.Entries.Select(LoggedEvent.From)], page.Next, page.More));
        }

        await stream.WriteAsync(context, query.Filter, after);
        return TypedResults.Empty;
    }
}
