using System.IO.Compression;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Auditor.Retention;

/// <summary>
/// <c>GET /v1/log/export</c>: entries as the archive has them, in one answer, with the parameters of <c>GET /v1/events</c>. It ends where the log ended when it
/// began. Should something go wrong in the middle, the connection is aborted: an answer that ends well is complete.
/// </summary>
internal static class ExportApi
{
    private const int PageSize = 1000;

    public static IEndpointRouteBuilder MapExportApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/log/export", ExportAsync).RequireScope(Scopes.EventsRead).WithName("ExportLog");
        return routes;
    }

    private static async Task<IResult> ExportAsync(HttpContext context, LogReader log, CancellationToken cancellationToken)
    {
        if (!EventQuery.TryRead(context.Request.Query, out var query, out var problem))
        {
            return problem;
        }

        if (context.Request.Query.ContainsKey("limit"))
        {
            return EventQuery.Invalid("limit", "An export has no pages: leave out 'limit', and say where it ends by 'upto'.");
        }

        var head = await log.HeadAsync(cancellationToken);
        if (query.After + 1 < head.First)
        {
            return CursorTooOld.Problem(head.First);
        }

        var filter = query.Filter with { Upto = Math.Min(query.Filter.Upto ?? head.Last, head.Last) };
        context.Response.ContentType = LogLines.ContentType;
        if (!context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip"))
        {
            await WriteAsync(context.Response.Body, context, log, filter, query.After);
            return Results.Empty;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        context.Response.Headers.Vary = "Accept-Encoding";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await WriteAsync(gzip, context, log, filter, query.After);
        return Results.Empty;
    }

    private static async Task WriteAsync(Stream stream, HttpContext context, LogReader log, LogFilter filter, long after)
    {
        while (true)
        {
            var page = await log.PageAsync(filter, after, PageSize, context.RequestAborted);
            if (page.BeginsAfter(after))
            {
                context.Abort(); // archived meanwhile: half an export must not look like a whole one
                return;
            }

            await LogLines.WriteAsync(stream, page.Entries, context.RequestAborted);
            after = page.Next;
            if (!page.More)
            {
                return;
            }
        }
    }
}
