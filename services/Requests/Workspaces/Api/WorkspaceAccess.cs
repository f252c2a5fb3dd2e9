using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Requests.Authentication;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>The way to one workspace: whose it is decides whether it exists.</summary>
public sealed class WorkspaceAccess(WorkspaceStore workspaces, CallerResolver callers, ILogger<WorkspaceAccess> logger)
{
    /// <summary>A workspace that the caller may see. One that is gone answers 410, unless <paramref name="evenGone"/>.</summary>
    public async Task<(Workspace? Workspace, Caller? Caller, ProblemHttpResult? Problem)> FindAsync(
        string idOrName, HttpContext context, bool evenGone = false)
    {
        var (caller, problem) = await callers.ResolveAsync(context);
        if (caller is null)
        {
            return (null, null, problem);
        }

        var workspace = await workspaces.FindAsync(idOrName, context.RequestAborted);
        return workspace is null || !caller.MaySee(workspace.Owner.Name) ? (null, caller, WorkspaceProblems.NotFound(idOrName))
            : workspace.IsDeleted && !evenGone ? (null, caller, WorkspaceProblems.Gone(workspace))
            : (workspace, caller, null);
    }

    /// <summary>Changes a workspace that the caller may see.</summary>
    public async Task<(Workspace? Workspace, ProblemHttpResult? Problem)> ChangeAsync(
        string idOrName, HttpContext context, string command, Func<Workspace, string, DateTimeOffset, Decision> decide)
    {
        var (found, caller, problem) = await FindAsync(idOrName, context);
        if (found is null)
        {
            return (null, problem);
        }

        var (workspace, refusal) = await workspaces.ChangeAsync(found.Id, (state, now) => decide(state, caller!.Name, now), context.RequestAborted);
        if (refusal is { } refused)
        {
            return (null, WorkspaceProblems.Refused(refused, workspace));
        }

        WorkspacesLog.Commanded(logger, caller!.Name, workspace.Id, command);
        return (workspace, null);
    }
}
