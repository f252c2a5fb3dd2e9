using System.Globalization;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Streaming;

/// <summary>Answers the log subresource: text as the container wrote it.</summary>
internal sealed class LogHandler(ObjectStore store, IServiceProvider services, TimeProvider clock)
{
    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "get")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (request.Parameter("stream") is { Length: > 0 } and not "All")
        {
            throw ApiErrors.NotImplemented("logs of one stream alone (the stream parameter)");
        }

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
        };
        var target = PodTarget.Of(request, store);
        var http = request.Http;
        http.Response.ContentType = "text/plain";
        var body = new FlushingStream(http.Response.Body);
        await ExecHandler.PodStreamsOf(services).CopyLogsAsync(target.Namespace, target.Pod, target.Container, log, body, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
