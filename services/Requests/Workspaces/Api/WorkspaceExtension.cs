using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Http;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Body of <c>POST /v1/workspaces/{workspace}/extend</c>.</summary>
public sealed record ExtendWorkspace
{
    /// <summary>Time from now until it is deleted (<c>4h</c>), within the blueprint's bounds.</summary>
    public string? Ttl { get; init; }
}

/// <summary>Gives a workspace more time, or less.</summary>
public static class WorkspaceExtension
{
    internal static async Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> ExtendAsync(
        string workspace, JsonBody<ExtendWorkspace> body, HttpContext context, WorkspaceAccess access, WorkspaceViews views)
    {
        if (body.Value.Ttl is not { } text || !Duration.TryParse(text, out var ttl))
        {
            return FieldProblems.Invalid("/ttl", "Give the time from now until it is deleted, such as 4h, 3d or 1h30m.");
        }

        var (changed, problem) = await access.ChangeAsync(workspace, context, "extend", (state, by, now) =>
            WorkspaceDecider.Extend(state, by, now + ttl, Latest(state, now), now));
        return changed is null ? problem! : TypedResults.Ok(await views.OfAsync(changed, context.RequestAborted));
    }

    private static DateTimeOffset? Latest(Workspace workspace, DateTimeOffset now) =>
        workspace.Blueprint.Lifetime?.MaxTtl is { } maximum && Duration.TryParse(maximum, out var most) ? now + most : null;
}
