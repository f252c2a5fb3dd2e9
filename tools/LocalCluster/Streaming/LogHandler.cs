using System.Globalization;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>Answers the log subresource: text as the container wrote it.</summary>
internal sealed class LogHandler(ObjectStore store, IServiceProvider services, TimeProvider clock)
{
    /// <summary>What a refusal calls the parameters.</summary>
    private static readonly ResourceType Options = ResourceTypes.Pods with { Kind = "PodLogOptions" };

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "get")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        Check(request);
        bool Asked(string name) => request.Parameter(name) is "true" or "1";
        DateTimeOffset? since = request.Number("sinceSeconds") is { } seconds ? clock.GetUtcNow().AddSeconds(-seconds) : null;
        if (request.Parameter("sinceTime") is { Length: > 0 } text)
        {
            since = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw ApiErrors.BadRequest($"sinceTime: {text} is no RFC 3339 time");
        }

        var log = new LogRequest
        {
            Follow = Asked("follow"),
            Previous = Asked("previous"),
            Timestamps = Asked("timestamps"),
            TailLines = request.Number("tailLines"),
            LimitBytes = request.Number("limitBytes"),
            Since = since,
            Stream = request.Parameter("stream") switch { "Stdout" => "stdout", "Stderr" => "stderr", _ => null },
        };
        var http = request.Http;
        http.Response.ContentType = "text/plain";
        if (PodTarget.IsUnassigned(request, store))
        {
            // A pod that is on no node yet has written nothing.
            return;
        }

        var target = PodTarget.Of(request, store);
        var body = new FlushingStream(http.Response.Body);
        await ExecHandler.PodStreamsOf(services).CopyLogsAsync(target.Namespace, target.Pod, target.Container, log, body, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    /// <summary>The limits that the parameters have, alone and together; 422 as the API server says it.</summary>
    private static void Check(ApiRequest request)
    {
        var errors = new List<FieldError>();
        if (request.Number("tailLines") is < 0 and var tail)
        {
            errors.Add(FieldError.Invalid("tailLines", $"{tail}", "must be greater than or equal to 0"));
        }

        if (request.Number("limitBytes") is < 1 and var limit)
        {
            errors.Add(FieldError.Invalid("limitBytes", $"{limit}", "must be greater than 0"));
        }

        var seconds = request.Number("sinceSeconds");
        if (seconds is not null && request.Parameter("sinceTime") is { Length: > 0 })
        {
            errors.Add(FieldError.Forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        }
        else if (seconds < 1)
        {
            errors.Add(FieldError.Invalid("sinceSeconds", $"{seconds}", "must be greater than 0"));
        }

        var stream = request.Parameter("stream") is { Length: > 0 } given ? given : "All";
        if (stream is not ("All" or "Stdout" or "Stderr"))
        {
            errors.Add(FieldError.NotSupported("stream", FieldError.Quote(stream), "All", "Stderr", "Stdout"));
        }
        else if (stream != "All" && request.Number("tailLines") is not null)
        {
            errors.Add(FieldError.Forbidden("", "`tailLines` and specific `stream` are mutually exclusive for now"));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(Options, request.Name!, errors);
        }
    }
}
