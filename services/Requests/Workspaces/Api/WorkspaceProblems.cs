using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Requests.Blueprints.Resolving;
using Workspaces.Requests.Http;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Every refusal of the workspace API.</summary>
public static class WorkspaceProblems
{
    /// <summary>"Not yours" and "does not exist" are the same sentence.</summary>
    public static ProblemHttpResult NotFound(string idOrName) =>
        Problems.Problem("workspace-not-found", StatusCodes.Status404NotFound, $"There is no workspace '{Printable(idOrName)}', or it is not yours.");

    /// <summary>It was there once.</summary>
    public static ProblemHttpResult Gone(Workspace workspace) => Problems.Problem(
        "workspace-gone", StatusCodes.Status410Gone, $"Workspace '{workspace.Id}' ({workspace.Name}) was deleted at {workspace.DeletedAt:yyyy-MM-dd HH:mm:ss}Z.");

    /// <summary>The name is held by another workspace or a user.</summary>
    public static ProblemHttpResult NameTaken(string name) => FieldProblems.Problem(
        "name-taken",
        StatusCodes.Status409Conflict,
        [new FieldError("/name", $"The name '{name}' is taken: names are unique among all workspaces and users. A name is free again when its workspace is gone.")]);

    /// <summary>The idempotency key was used for something else.</summary>
    public static ProblemHttpResult KeyReused() => Problems.Problem(
        "idempotency-key-reused", StatusCodes.Status409Conflict, "This Idempotency-Key was used for another request within 24 hours. Use a new key for a new request.");

    /// <summary>The request is for nobody.</summary>
    public static ProblemHttpResult NoUser() => Problems.Problem(
        "no-user", StatusCodes.Status403Forbidden, "Your key belongs to no user. Say for whom with 'On-Behalf-Of: USER' (needs the scope workspaces:act-for).");

    /// <summary>No good set of blueprints has been seen.</summary>
    public static ProblemHttpResult NoBlueprints() => Problems.Problem(
        "blueprints-unavailable", StatusCodes.Status503ServiceUnavailable, "The blueprints of this installation have errors; its operator finds them in the log of Requests and under /health/ready.");

    /// <summary>A command that cannot be done in this state.</summary>
    public static ProblemHttpResult Refused(WorkspaceRefusal refusal, Workspace workspace) => refusal switch
    {
        WorkspaceRefusal.Deleted => Gone(workspace),
        WorkspaceRefusal.Deleting => Problems.Problem(
            "workspace-deleting", StatusCodes.Status409Conflict, $"Workspace '{workspace.Name}' is being deleted."),
        WorkspaceRefusal.Failed => Problems.Problem(
            "workspace-failed", StatusCodes.Status409Conflict, $"Workspace '{workspace.Name}' failed and does not run. It can be started or deleted."),
        WorkspaceRefusal.BeyondMaximum => FieldProblems.Invalid("/ttl", $"The blueprint '{workspace.Blueprint.Name}' allows at most {workspace.Blueprint.Lifetime?.MaxTtl} from now."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "Unknown refusal."),
    };

    /// <summary>The blueprint cannot be had as asked for.</summary>
    public static ProblemHttpResult Unresolved(ResolveRefusal refusal)
    {
        var code = refusal.Kind switch
        {
            ResolveRefusalKind.UnknownBlueprint => "unknown-blueprint",
            ResolveRefusalKind.AbstractBlueprint => "abstract-blueprint",
            ResolveRefusalKind.InvalidParameter => "invalid-parameter",
            ResolveRefusalKind.InvalidBlueprint => "invalid-blueprint",
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "Unknown refusal."),
        };
        return FieldProblems.Problem(
            code, StatusCodes.Status422UnprocessableEntity, [.. refusal.Errors.Select(error => new FieldError(error.Pointer, error.Message))]);
    }

    private static string Printable(string text) => new([.. text.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
}
