using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Workspaces.Cluster.Connecting;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Cluster.Watching;

/// <summary>
/// Keeps a <see cref="PodCache"/> up to date: one list, then one watch, however many pods there are. It only says which workspaces
/// to look at; what happened is decided from the state (<see cref="PodReading"/>), so a dropped, late or repeated event changes nothing.
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
/// </summary>
public sealed partial class PodWatcher(IKubernetes kubernetes, PodScope scope, PodCache cache, ILogger<PodWatcher> logger)
{
    private const int PageSize = 500;

    /// <summary>The server ends a watch after this; a connection that died silently is noticed by then at the latest.</summary>
    private const int WatchSeconds = 240;

    /// <summary>After so many watches everything is listed anew, should an event have been lost against all promises.</summary>
    private const int WatchesPerList = 5;

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first list is in the cache: before, "not there" means nothing.</summary>
    public Task Synced => _synced.Task;

    /// <summary>Watches until cancelled. <paramref name="changed"/> is told each workspace that something changed for.</summary>
    public async Task RunAsync(Action<string> changed, CancellationToken cancellation)
    {
        var backOff = new BackOff();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                // 1. List: what is there, and the version that it is the state of.
                var version = await ListAsync(changed, cancellation).ConfigureAwait(false);
                _synced.TrySetResult();
                backOff.Reset();

                // 2. Watch from that version on, again from the last seen version when a watch ends, until it is time to list anew.
                for (var watches = 0; watches < WatchesPerList && version is not null; watches++)
                {
                    version = await WatchAsync(version, changed, cancellation).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (ClusterError.Of(e) is { } error)
            {
                Interrupted(logger, error.Kind, error.Message);
                await backOff.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> ListAsync(Action<string> changed, CancellationToken cancellation)
    {
        var all = new List<V1Pod>();
        string? next = null;
        string version;
        do
        {
            var page = scope.Namespace is { } ns
                ? await kubernetes.CoreV1.ListNamespacedPodAsync(
                    ns, labelSelector: scope.Selector, limit: PageSize, continueParameter: next, cancellationToken: cancellation).ConfigureAwait(false)
                : await kubernetes.CoreV1.ListPodForAllNamespacesAsync(
                    labelSelector: scope.Selector, limit: PageSize, continueParameter: next, cancellationToken: cancellation).ConfigureAwait(false);
            all.AddRange(page.Items);
            next = page.Continue();
            version = page.ResourceVersion();
        }
        while (!string.IsNullOrEmpty(next));

        foreach (var id in cache.Replace(all))
        {
            changed(id);
        }

        return version;
    }

    /// <returns>The version to go on from, or <see langword="null"/> where a new list is needed.</returns>
    private async Task<string?> WatchAsync(string from, Action<string> changed, CancellationToken cancellation)
    {
        var version = from;
        Exception? failure = null;
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            // The client reports an error inside the stream only here and would wait for more events: end it.
            void Failed(Exception e)
            {
                failure = e;
                watch.Cancel();
            }

            await foreach (var (type, pod) in Events(from, Failed, watch.Token).ConfigureAwait(false))
            {
                version = pod.ResourceVersion() ?? version;
                var concerned = type switch
                {
                    WatchEventType.Added or WatchEventType.Modified => cache.Set(pod),
                    WatchEventType.Deleted => cache.Delete(pod),
                    _ => null, // a bookmark: only the version moves on
                };
                foreach (var id in concerned ?? (IReadOnlySet<string>)new HashSet<string>())
                {
                    changed(id);
                }
            }
        }
        catch (OperationCanceledException) when (failure is not null)
        {
            // Ended by ourselves, see above.
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Expired))
        {
            failure = e;
        }

        if (failure is null)
        {
            return version;
        }

        if (ClusterError.Is(failure, ClusterErrorKind.Expired))
        {
            return null;
        }

        throw new IOException($"The watch of pods broke: {failure.Message}", failure);
    }

    private IAsyncEnumerable<(WatchEventType Type, V1Pod Pod)> Events(string from, Action<Exception> failed, CancellationToken cancellation) =>
        scope.Namespace is { } ns
            ? kubernetes.CoreV1.WatchListNamespacedPodAsync(
                ns, allowWatchBookmarks: true, labelSelector: scope.Selector, resourceVersion: from, timeoutSeconds: WatchSeconds,
                onError: failed, cancellationToken: cancellation)
            : kubernetes.CoreV1.WatchListPodForAllNamespacesAsync(
                allowWatchBookmarks: true, labelSelector: scope.Selector, resourceVersion: from, timeoutSeconds: WatchSeconds,
                onError: failed, cancellationToken: cancellation);

    [LoggerMessage(1101, LogLevel.Warning, "Watching pods was interrupted ({Kind}), listing again: {Reason}")]
    private static partial void Interrupted(ILogger logger, ClusterErrorKind kind, string reason);
}
