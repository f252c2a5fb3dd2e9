using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// Answers watch: changes after a version as lines of JSON, until the client leaves, its timeout passes, or it cannot keep up. An object that
/// begins or ceases to match the selectors is ADDED or DELETED to that watcher.
/// </summary>
internal sealed class WatchHandler(ObjectStore store, TimeProvider clock)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastBookmark = TimeSpan.FromSeconds(2);

    /// <summary>Without a timeout of its own a watch ends after half an hour to an hour, as not to have all end at once.</summary>
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMinutes(30);

    public async Task WatchAsync(ApiRequest request)
    {
        var http = request.Http;
        var stream = new WatchStream(http.Response, request.Type, RequestedForm.Of(http.Request));
        var labels = LabelSelector.Parse(request.Parameter("labelSelector"));
        var fields = FieldSelector.Parse(request.Type, request.Name is null ? request.Parameter("fieldSelector") : $"metadata.name={request.Name}");
        var bookmarks = request.Flag("allowWatchBookmarks") && request.Parameter("allowWatchBookmarks") is not null;
        var initial = request.Parameter("sendInitialEvents") is "true" or "1";
        CheckParameters(request);
        var timeout = request.Number("timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : ShortestWatch * (1 + Random.Shared.NextDouble());

        var deadline = clock.GetUtcNow() + timeout;
        var given = request.Parameter("resourceVersion") ?? "";
        var wanted = Version(given);
        var (objects, version) = store.Snapshot(request.Type);
        var showPresent = initial || (wanted == 0 && request.Parameter("sendInitialEvents") is null);
        var from = wanted == 0 || initial ? version : wanted;

        // A client that asks for no version is told where what is there ends by its first bookmark, whenever that comes.
        var endsInitial = bookmarks && given.Length == 0 && showPresent && !initial;

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        using var timer = clock.CreateTimer(_ => ending.Cancel(), null, timeout, Timeout.InfiniteTimeSpan);
        IAsyncEnumerator<StoredChange>? changes = null;
        try
        {
            await stream.StartAsync(ending.Token);
            if (initial)
            {
                await ListStart.ReachedAsync(store, wanted);
                (objects, version) = store.Snapshot(request.Type);
                from = version;
            }

            // What goes wrong from here on (410 for a version that is forgotten) is told inside the stream, as the API server does it.
            changes = store.WatchAsync(request.Type, from, ending.Token).GetAsyncEnumerator(ending.Token);
            var next = changes.MoveNextAsync().AsTask();
            bool Matches(StoredObject o) =>
                (request.Namespace is null || o.Namespace == request.Namespace) && labels.Matches(o.Labels) && fields.Matches(o.Json);

            if (showPresent)
            {
                foreach (var stored in objects.Values.Where(Matches))
                {
                    stream.Write(WatchEvent.Added, stored);
                }

                if (initial && bookmarks)
                {
                    stream.WriteBookmark(version, initialEnd: true);
                }
            }

            await stream.FlushAsync(ending.Token);
            await StreamAsync(stream, new BookmarkPlan(bookmarks, endsInitial, deadline - LastBookmark), Matches, changes, next, ending.Token);
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
                if (changes is not null)
                {
                    await changes.DisposeAsync();
                }
            }
            catch (NotSupportedException)
            {
                // A step is still under way; cancelling ended it, and its own finally unsubscribes.
            }
        }
    }

    private async Task StreamAsync(
        WatchStream stream, BookmarkPlan bookmarks, Func<StoredObject, bool> matches, IAsyncEnumerator<StoredChange> changes, Task<bool> next, CancellationToken ct)
    {
        while (true)
        {
            if (!next.IsCompleted)
            {
                // Everything that was ready is written; only now is it worth a packet.
                await stream.FlushAsync(ct);
                if (bookmarks.Next(clock.GetUtcNow(), BookmarkInterval) is { } wait && await Task.WhenAny(next, Task.Delay(wait, clock, ct)) != next)
                {
                    ct.ThrowIfCancellationRequested();
                    stream.WriteBookmark(store.Version, bookmarks.EndsInitial);
                    bookmarks = bookmarks with { EndsInitial = false };
                    continue;
                }
            }

            if (!await next)
            {
                return;
            }

            var change = changes.Current;
            var (now, before) = (change.Type != WatchEvent.Deleted && matches(change.Current), change.Previous is { } previous && matches(previous));
            if (now)
            {
                stream.Write(before ? WatchEvent.Modified : WatchEvent.Added, change.Current);
            }
            else if (before)
            {
                // Gone, or no longer what the watcher asked for: it is shown as it last was, with the version of the change.
                stream.Write(WatchEvent.Deleted, change.Type == WatchEvent.Deleted ? change.Current : change.Previous!.AtVersion(change.ResourceVersion));
            }

            next = changes.MoveNextAsync().AsTask();
        }
    }

    /// <summary>The version that a watch begins after. To a text that is none the API server has no better answer than 500.</summary>
    private static long Version(string text) => text.Length == 0 ? 0
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version
        : throw new ApiStatusException(500, "", $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private static void CheckParameters(ApiRequest request)
    {
        var errors = new List<FieldError>();
        var sends = request.Parameter("sendInitialEvents") is not null;
        var match = request.Parameter("resourceVersionMatch") ?? "";
        if (sends && match != "NotOlderThan")
        {
            errors.Add(FieldError.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }

        if (match.Length > 0 && !sends)
        {
            errors.Add(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }

        if (match is not ("" or "NotOlderThan"))
        {
            errors.Add(FieldError.NotSupported("resourceVersionMatch", FieldError.Quote(match), "NotOlderThan"));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid("ListOptions", "meta.k8s.io", "", errors);
        }
    }
}
