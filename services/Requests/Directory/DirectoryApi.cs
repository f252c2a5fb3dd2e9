using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Requests.Users;
using Workspaces.Requests.Workspaces;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Directory;

namespace Workspaces.Requests.Directory;

/// <summary>
/// What a Proxy reads after its queue is bound. The parts are read one after the other: whatever changes in between is also on
/// its way as an event, and versions tell which is newer.
/// </summary>
public static class DirectoryApi
{
    /// <summary>Maps <c>GET /internal/v1/directory</c>.</summary>
    public static IEndpointRouteBuilder MapDirectoryApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/internal/v1/directory", GetAsync).WithName("GetDirectory").WithTags("internal").RequireScope(Scopes.DirectoryRead);
        return endpoints;
    }

    private static async Task<Ok<DirectorySnapshot>> GetAsync(UserStore users, WorkspaceQuery query, CancellationToken cancellationToken)
    {
        var people = await users.ListAsync(cancellationToken);
        var workspaces = await query.AllAsync(cancellationToken);
        return TypedResults.Ok(new DirectorySnapshot
        {
            Users = [.. people.Select(user => new DirectoryUser(user.Profile.Name, user.KeysVersion, [.. user.Keys.Select(key => key.Line)]))],
            Workspaces =
            [
                .. workspaces.Select(workspace => new DirectoryWorkspace(
                    workspace.Id, workspace.Name, workspace.Owner.Name, workspace.Blueprint.Name, workspace.Model, workspace.Generation, workspace.State)),
            ],
            Instances = [.. workspaces.SelectMany(workspace => workspace.Instances)],
        });
    }
}
