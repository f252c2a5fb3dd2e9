using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Workspaces.Contracts;
using Workspaces.Requests.Authentication;
using Workspaces.Requests.Http;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Workspaces over HTTP.</summary>
public static class WorkspacesApi
{
    /// <summary>Maps <c>/v1/workspaces</c>.</summary>
    public static IEndpointRouteBuilder MapWorkspacesApi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/workspaces").WithTags("workspaces").AddEndpointFilter<JsonBodyFilter>()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        var read = group.MapGroup("").RequireWorkspaceScope(Scopes.WorkspacesRead);
        read.MapGet("", WorkspaceListing.ListAsync).WithName("ListWorkspaces");
        read.MapGet("/{workspace}", GetAsync).WithName("GetWorkspace").ProducesProblem(404).ProducesProblem(410);
        read.MapGet("/{workspace}/instances", GetInstancesAsync).WithName("ListInstances").ProducesProblem(404).ProducesProblem(410);
        read.MapGet("/{workspace}/events", WorkspaceStream.StreamAsync).WithName("FollowWorkspace").ProducesProblem(404).ProducesProblem(410);

        var write = group.MapGroup("").RequireWorkspaceScope(Scopes.WorkspacesWrite);
        write.MapPost("", CreateAsync).WithName("CreateWorkspace").ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
        write.MapPost("/{workspace}/start", StartAsync).WithName("StartWorkspace").ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
        write.MapPost("/{workspace}/stop", StopAsync).WithName("StopWorkspace").ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
        write.MapPost("/{workspace}/extend", WorkspaceExtension.ExtendAsync).WithName("ExtendWorkspace")
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(410).ProducesProblem(422);
        write.MapDelete("/{workspace}", DeleteAsync).WithName("DeleteWorkspace").ProducesProblem(404);
        return endpoints;
    }

    private static async Task<Results<Accepted<WorkspaceView>, Ok<WorkspaceView>, ProblemHttpResult>> CreateAsync(
        JsonBody<CreateWorkspace> body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext context,
        WorkspaceCreation creation,
        CallerResolver callers,
        WorkspaceWaiter waiter,
        WorkspaceViews views)
    {
        var (caller, problem) = await callers.ResolveAsync(context);
        if (caller is null)
        {
            return problem!;
        }

        var created = await creation.CreateAsync(body.Value, caller, idempotencyKey, context.RequestAborted);
        if (created.Problem is { } refused)
        {
            return refused;
        }

        var wait = Preferences.Wait(context.Request);
        if (created.Repeated is { } answer)
        {
            context.Response.Headers["Idempotency-Replayed"] = "true";
            if (wait is null || created.Workspace is not { IsDeleted: false })
            {
                return TypedResults.Accepted($"/v1/workspaces/{answer.Id}", answer);
            }
        }

        return await AnswerAsync(created.Workspace!, wait, waiter, views, context.RequestAborted);
    }

    private static async Task<Results<Ok<WorkspaceView>, ProblemHttpResult>> GetAsync(
        string workspace, HttpContext context, WorkspaceAccess access, WorkspaceViews views)
    {
        var (found, _, problem) = await access.FindAsync(workspace, context);
        return found is null ? problem! : TypedResults.Ok(await views.OfAsync(found, context.RequestAborted));
    }

    private static async Task<Results<Ok<IReadOnlyList<InstanceView>>, ProblemHttpResult>> GetInstancesAsync(
        string workspace, HttpContext context, WorkspaceAccess access)
    {
        var (found, _, problem) = await access.FindAsync(workspace, context);
        return found is null ? problem! : TypedResults.Ok(WorkspaceViews.Instances(found));
    }

    private static async Task<Results<Accepted<WorkspaceView>, Ok<WorkspaceView>, ProblemHttpResult>> StartAsync(
        string workspace, HttpContext context, WorkspaceAccess access, WorkspaceWaiter waiter, WorkspaceViews views)
    {
        var (changed, problem) = await access.ChangeAsync(workspace, context, "start", WorkspaceDecider.Start);
        return changed is null ? problem! : await AnswerAsync(changed, Preferences.Wait(context.Request), waiter, views, context.RequestAborted);
    }

    private static async Task<Results<Accepted<WorkspaceView>, ProblemHttpResult>> StopAsync(
        string workspace, HttpContext context, WorkspaceAccess access, WorkspaceViews views)
    {
        var (changed, problem) = await access.ChangeAsync(
            workspace, context, "stop", (state, by, now) => WorkspaceDecider.Stop(state, by, ChangeReason.User, now));
        return changed is null ? problem! : await AcceptedAsync(changed, views, context.RequestAborted);
    }

    private static async Task<Results<Accepted<WorkspaceView>, NoContent, ProblemHttpResult>> DeleteAsync(
        string workspace, HttpContext context, WorkspaceAccess access, WorkspaceViews views)
    {
        var (found, _, problem) = await access.FindAsync(workspace, context, evenGone: true);
        if (found is null)
        {
            return problem!;
        }

        if (found.IsDeleted)
        {
            return TypedResults.NoContent();
        }

        var (changed, refused) = await access.ChangeAsync(
            found.Id, context, "delete", (state, by, now) => WorkspaceDecider.Delete(state, by, ChangeReason.User, now));
        return changed is null ? refused! : await AcceptedAsync(changed, views, context.RequestAborted);
    }

    /// <summary>200 when the client waited and the workspace is ready; 202 when it is not, yet or any more.</summary>
    private static async Task<Results<Accepted<WorkspaceView>, Ok<WorkspaceView>, ProblemHttpResult>> AnswerAsync(
        Workspace workspace, TimeSpan? wait, WorkspaceWaiter waiter, WorkspaceViews views, CancellationToken cancellationToken)
    {
        if (wait is null)
        {
            return await AcceptedAsync(workspace, views, cancellationToken);
        }

        var now = await waiter.WaitAsync(workspace, wait.Value, cancellationToken);
        return now.State is WorkspaceState.Ready ? TypedResults.Ok(await views.OfAsync(now, cancellationToken)) : await AcceptedAsync(now, views, cancellationToken);
    }

    private static async Task<Accepted<WorkspaceView>> AcceptedAsync(Workspace workspace, WorkspaceViews views, CancellationToken cancellationToken) =>
        TypedResults.Accepted($"/v1/workspaces/{workspace.Id}", await views.OfAsync(workspace, cancellationToken));
}
