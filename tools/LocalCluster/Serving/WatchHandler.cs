using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;
using Workspaces.LocalCluster.Tables;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// Answers watch: changes after a version as lines of JSON, until the client leaves, its timeout passes, or it cannot keep up. An object that
/// begins or ceases to match the selectors is ADDED or DELETED to that watcher.
/// </summary>
internal sealed class WatchHandler(ObjectStore store, TimeProvider clock)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromHours(1);

    public async Task WatchAsync(ApiRequest request)
    {
        var http = request.Http;
        var form = RequestedForm.Of(http.Request);
        var labels = LabelSelector.Parse(request.Parameter("labelSelector"));
        var fields = FieldSelector.Parse(request.Type, request.Name is null ? request.Parameter("fieldSelector") : $"metadata.name={request.Name}");
        var bookmarks = request.Flag("allowWatchBookmarks") && request.Parameter("allowWatchBookmarks") is not null;
        var initial = request.Parameter("sendInitialEvents") is "true" or "1";
        CheckParameters(request, initial);
        var timeout = request.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : LongestWatch;

        var from = request.Number("resourceVersion") ?? 0;
        var (objects, version) = store.Snapshot(request.Type);
        var showPresent = initial || (from == 0 && request.Parameter("sendInitialEvents") is null);
        if (from == 0 || initial)
        {
            from = version;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        using var timer = clock.CreateTimer(_ => ending.Cancel(), null, timeout, Timeout.InfiniteTimeSpan);
        var changes = store.WatchAsync(request.Type, from, ending.Token).GetAsyncEnumerator(ending.Token);
        try
        {
            // The first step may be 410, which must come as a status and not inside the stream: so it is begun before anything is sent.
            var next = changes.MoveNextAsync().AsTask();
            if (next.IsFaulted)
            {
                await next;
            }

            http.Response.ContentType = WatchFrame.ContentType(form);
            await http.Response.StartAsync(ending.Token);
            bool Matches(StoredObject o) =>
                (request.Namespace is null || o.Namespace == request.Namespace) && labels.Matches(o.Labels) && fields.Matches(o.Json);

            if (showPresent)
            {
                foreach (var stored in objects.Values.Where(Matches))
                {
                    Write(http, request.Type, WatchEvent.Added, stored, form);
                }

                if (initial && bookmarks)
                {
                    WriteBookmark(http, request.Type, version, initialEnd: true, form);
                }
            }

            await http.Response.BodyWriter.FlushAsync(ending.Token);
            await StreamAsync(request, form, bookmarks, Matches, changes, next, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client left or its time is over: the stream just ends, as it does on a real server.
        }
        finally
        {
            await ending.CancelAsync();
            try
            {
                await changes.DisposeAsync();
            }
            catch (NotSupportedException)
            {
                // A step is still under way; cancelling ended it, and its own finally unsubscribes.
            }
        }
    }

    private async Task StreamAsync(
        ApiRequest request, RequestedForm form, bool bookmarks, Func<StoredObject, bool> matches, IAsyncEnumerator<StoredChange> changes, Task<bool> next, CancellationToken ct)
    {
        var http = request.Http;
        while (true)
        {
            if (!next.IsCompleted)
            {
                // Everything that was ready is written; only now is it worth a packet.
                await http.Response.BodyWriter.FlushAsync(ct);
                if (bookmarks && await Task.WhenAny(next, Task.Delay(BookmarkInterval, clock, ct)) != next)
                {
                    ct.ThrowIfCancellationRequested();
                    WriteBookmark(http, request.Type, store.Version, initialEnd: false, form);
                    continue;
                }
            }

            if (!await next)
            {
                return;
            }

            var change = changes.Current;
            var (now, before) = (change.Type != WatchEvent.Deleted && matches(change.Current), change.Previous is { } previous && matches(previous));
            if (now || before)
            {
                Write(http, request.Type, now ? before ? WatchEvent.Modified : WatchEvent.Added : WatchEvent.Deleted, change.Current, form);
            }

            next = changes.MoveNextAsync().AsTask();
        }
    }

    private static void CheckParameters(ApiRequest request, bool initial)
    {
        if (initial && request.Parameter("resourceVersionMatch") != "NotOlderThan")
        {
            throw ApiErrors.Invalid(request.Type, "", [FieldError.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]);
        }

        if (!initial && request.Parameter("resourceVersionMatch") is { Length: > 0 } && request.Parameter("sendInitialEvents") is null)
        {
            throw ApiErrors.Invalid(request.Type, "", [FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")]);
        }
    }

    private static void Write(HttpContext http, ResourceType type, string what, StoredObject stored, RequestedForm form)
    {
        if (form.Protobuf)
        {
            WatchFrame.Write(http, form, what, form.As == RequestedForm.Metadata ? RequestedForm.MetadataOf(stored.Json) : stored.Json);
            return;
        }

        var body = form.As switch
        {
            RequestedForm.Table => Encode(TableWriter.Of(type, [stored.Json], form.WholeObjects, new JsonObject { ["resourceVersion"] = stored.Json.Text("metadata", "resourceVersion") })),
            RequestedForm.Metadata => Encode(RequestedForm.MetadataOf(stored.Json)),
            _ => stored.Utf8,
        };
        WatchFrame.WriteLine(http, what, body);
    }

    private static void WriteBookmark(HttpContext http, ResourceType type, long version, bool initialEnd, RequestedForm form)
    {
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var bookmark = new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion, ["metadata"] = metadata };
        WatchFrame.Write(http, form, "BOOKMARK", form.As switch
        {
            RequestedForm.Table => TableWriter.Of(type, [], false, metadata.DeepClone().AsObject()),
            RequestedForm.Metadata => RequestedForm.MetadataOf(bookmark),
            _ => bookmark,
        });
    }

    private static byte[] Encode(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, ApiJson.Options);
}
