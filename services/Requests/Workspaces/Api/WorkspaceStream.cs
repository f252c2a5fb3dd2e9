using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Contracts;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>
/// A workspace as Server-Sent Events: once as it is, then at each change, until it has come to rest. A client that was cut off
/// just asks again: every event is the whole workspace.
/// </summary>
public static class WorkspaceStream
{
    /// <summary>Type of the events.</summary>
    private const string EventType = "workspace";

    /// <summary>What has not changed is sent again after this time, because proxies in between end silent connections.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    internal static async Task<Results<ServerSentEventsResult<WorkspaceView>, ProblemHttpResult>> StreamAsync(
        string workspace, HttpContext context, WorkspaceAccess access, WorkspaceStore workspaces, WorkspaceChanges changes, WorkspaceViews views, TimeProvider clock)
    {
        var (found, _, problem) = await access.FindAsync(workspace, context);
        return found is null
            ? problem!
            : TypedResults.ServerSentEvents(FollowAsync(found.Id, workspaces, changes, views, clock, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<WorkspaceView>> FollowAsync(
        string id, WorkspaceStore workspaces, WorkspaceChanges changes, WorkspaceViews views, TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sent = "";
        var sentAt = DateTimeOffset.MinValue;
        while (true)
        {
            var change = changes.NextAsync(id);
            if (await workspaces.FindAsync(id, cancellationToken) is not { IsDeleted: false } workspace)
            {
                yield break;
            }

            var view = await views.OfAsync(workspace, cancellationToken);
            var content = JsonSerializer.Serialize(view, ContractsJson.Options);
            if (content != sent || clock.GetUtcNow() - sentAt >= Silence)
            {
                (sent, sentAt) = (content, clock.GetUtcNow());
                yield return new SseItem<WorkspaceView>(view, EventType);
            }

            if (workspace.State is WorkspaceState.Ready or WorkspaceState.Stopped or WorkspaceState.Failed)
            {
                yield break;
            }

            await WorkspaceChanges.WaitAsync(change, Silence, cancellationToken);
        }
    }
}
