using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Contracts;
using Workspaces.Requests.Authentication;
using Workspaces.Requests.Http;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Lists workspaces, a page at a time.</summary>
public static class WorkspaceListing
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    internal static async Task<Results<Ok<WorkspacePage>, ProblemHttpResult>> ListAsync(
        string? owner, string? state, string? target, string? limit, string? cursor,
        HttpContext context, CallerResolver callers, WorkspaceQuery query, WorkspaceViews views)
    {
        var (caller, problem) = await callers.ResolveAsync(context);
        if (caller is null)
        {
            return problem!;
        }

        if (!TryRead(state, target, limit, cursor, out var filter, out var wrong))
        {
            return FieldProblems.Problem("invalid-query", StatusCodes.Status400BadRequest, [wrong!]);
        }

        if (!caller.SeesAll && caller.User is null)
        {
            return WorkspaceProblems.NoUser();
        }

        // Somebody else's list is as empty as that of a user who does not exist.
        if (owner is not null && !caller.MaySee(owner))
        {
            return TypedResults.Ok(new WorkspacePage([], null));
        }

        // One more than asked for shows whether there is another page.
        var found = await query.ListAsync(
            filter! with { Owner = owner ?? (caller.SeesAll ? null : caller.User), Limit = filter.Limit + 1 }, context.RequestAborted);
        var page = found.Take(filter.Limit).ToList();
        return TypedResults.Ok(new WorkspacePage(await views.OfAsync(page, context.RequestAborted), found.Count > page.Count ? WorkspaceQuery.CursorOf(page[^1]) : null));
    }

    private static bool TryRead(string? state, string? target, string? limit, string? cursor, out WorkspaceFilter? filter, out FieldError? wrong)
    {
        filter = null;
        var count = DefaultLimit;
        var known = default(WorkspaceState);
        var after = cursor is null ? null : WorkspaceQuery.ReadCursor(cursor);
        var parts = target?.Split('/');
        wrong = limit is not null && (!int.TryParse(limit, out count) || count is < 1 or > MaxLimit) ? new FieldError("limit", $"A limit is a number from 1 to {MaxLimit}.")
            : state is not null && (!Enum.TryParse(state, ignoreCase: true, out known) || !Enum.IsDefined(known) || int.TryParse(state, out _))
                ? new FieldError("state", $"A state is one of {string.Join(", ", Enum.GetNames<WorkspaceState>())}.")
            : parts is not (null or [_, _, _]) ? new FieldError("target", "A target is written KIND/NAMESPACE/NAME, for example Deployment/shop/payments.")
            : cursor is not null && after is null ? new FieldError("cursor", "This is not a cursor; use the value of 'nextCursor' as it is.")
            : null;
        if (wrong is not null)
        {
            return false;
        }

        filter = new WorkspaceFilter
        {
            State = state is null ? null : known,
            Target = parts is null ? null : (parts[0], parts[1], parts[2]),
            After = after,
            Limit = count,
        };
        return true;
    }
}
