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
    /// <summary>Why an export has no <c>limit</c>.</summary>
    internal const string NoPages = "An export has no pages: leave out 'limit', and say where it ends by 'upto'.";

    public static IEndpointRouteBuilder MapExportApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/log/export", ExportAsync).RequireScope(Scopes.EventsRead).WithName("ExportLog");
        return routes;
    }

    private static async Task<IResult> ExportAsync(HttpContext context, LogReader log, LogExporter exporter, CancellationToken cancellationToken)
    {
        if (!EventQuery.TryRead(context.Request.Query, out var query, out var problem))
        {
            return problem;
        }

        if (context.Request.Query.ContainsKey("limit"))
        {
            return EventQuery.Invalid("limit", NoPages);
        }

        var head = await log.HeadAsync(cancellationToken);
        if (query.After + 1 < head.First)
        {
            return CursorTooOld.Problem(head.First);
        }

        var filter = LogExporter.UptoNow(query.Filter, head);
        context.Response.ContentType = LogLines.ContentType;
        if (!context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip"))
        {
            await WriteAsync(context.Response.Body, context, exporter, filter, query.After);
            return Results.Empty;
        }

        context.Response.Headers.ContentEncoding = "gzip";
        context.Response.Headers.Vary = "Accept-Encoding";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await WriteAsync(gzip, context, exporter, filter, query.After);
        return Results.Empty;
    }

    private static async Task WriteAsync(Stream stream, HttpContext context, LogExporter exporter, LogFilter filter, long after)
    {
        if (await exporter.WriteAsync(stream, filter, after, context.RequestAborted) is null)
        {
            context.Abort(); // half an export must not look like a whole one
        }
    }
}
