using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Requests.Http;
using Workspaces.Requests.Users.Keys;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Users.Api;

/// <summary>Users and their SSH keys over HTTP.</summary>
public static class UsersApi
{
    /// <summary>Maps <c>/v1/users</c>.</summary>
    public static IEndpointRouteBuilder MapUsersApi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/users").WithTags("users").AddEndpointFilter<JsonBodyFilter>()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);

        // Who one is needs no scope: it is the first thing to ask with a new key.
        group.MapGet("/me", GetMeAsync).WithName("GetMe").ProducesProblem(404);

        var read = group.MapGroup("").RequireScope(Scopes.UsersRead);
        read.MapGet("/{name}", GetAsync).WithName("GetUser").ProducesProblem(404);
        read.MapGet("/{name}/keys", ListKeysAsync).WithName("ListKeys").ProducesProblem(404);

        var write = group.MapGroup("").RequireScope(Scopes.UsersWrite);
        write.MapPut("/{name}", SaveAsync).WithName("SaveUser").ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
        write.MapPost("/{name}/keys", AddKeyAsync).WithName("AddKey").ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        write.MapDelete("/{name}/keys", RemoveKeyAsync).WithName("RemoveKey").ProducesProblem(400).ProducesProblem(404);
        return endpoints;
    }

    private static async Task<Results<Ok<UserView>, ProblemHttpResult>> GetMeAsync(HttpContext context, UserStore users) =>
        context.User.Username() is { } name && await users.FindAsync(name, context.RequestAborted) is { } user
            ? TypedResults.Ok(UserView.Of(user))
            : Problems.Problem("no-user", StatusCodes.Status404NotFound, $"Your key '{context.User.ClientId()}' belongs to no user.");

    private static async Task<Results<Ok<UserView>, ProblemHttpResult>> GetAsync(string name, HttpContext context, UserAccess access)
    {
        var (user, problem) = await access.FindAsync(name, context);
        return user is null ? problem! : TypedResults.Ok(UserView.Of(user));
    }

    private static async Task<Results<Ok<UserView>, Created<UserView>, ProblemHttpResult>> SaveAsync(
        string name, JsonBody<SaveUser> body, HttpContext context, UserStore users)
    {
        if (!UserAccess.ManagesUsers(context))
        {
            return Problems.Problem("forbidden", StatusCodes.Status403Forbidden, "Only an admin may make or change users.");
        }

        var request = body.Value;
        var uid = request.Uid ?? UserDefaults.Uid;
        var profile = new UserProfile
        {
            Name = name,
            Uid = uid,
            Gid = request.Gid ?? uid,
            Email = request.Email,
            Groups = request.Groups ?? [],
            Role = request.Role ?? UserRole.User,
        };
        if (UserRules.Check(profile) is { Count: > 0 } errors)
        {
            return FieldProblems.Invalid(errors);
        }

        var (user, created) = await users.SaveAsync(profile, context.User.Subject(), context.RequestAborted);
        return user is null
                ? Problems.Problem("name-taken", StatusCodes.Status409Conflict, $"The name '{name}' is taken by a workspace; names are unique among workspaces and users.")
            : created ? TypedResults.Created($"/v1/users/{name}", UserView.Of(user))
            : TypedResults.Ok(UserView.Of(user));
    }

    private static async Task<Results<Ok<IReadOnlyList<KeyView>>, ProblemHttpResult>> ListKeysAsync(string name, HttpContext context, UserAccess access)
    {
        var (user, problem) = await access.FindAsync(name, context);
        return user is null ? problem! : TypedResults.Ok<IReadOnlyList<KeyView>>([.. user.Keys.Select(KeyView.Of)]);
    }

    private static async Task<Results<Ok<KeyView>, Created<KeyView>, ProblemHttpResult>> AddKeyAsync(
        string name, JsonBody<AddKey> body, HttpContext context, UserAccess access, UserStore users)
    {
        var (user, problem) = await access.FindAsync(name, context);
        if (user is null)
        {
            return problem!;
        }

        if (SshPublicKeyParser.Parse(body.Value.Key ?? "", out var wrong) is not { } key)
        {
            return FieldProblems.Invalid("/key", wrong);
        }

        var (changed, outcome) = await users.AddKeyAsync(name, key, context.User.Subject(), context.RequestAborted);
        var view = changed.Keys.Where(known => known.Fingerprint == key.Fingerprint).Select(KeyView.Of).FirstOrDefault();
        return outcome switch
        {
            KeyAddition.Added => TypedResults.Created(LinkTo(name, key.Fingerprint), view),
            KeyAddition.WasThere => TypedResults.Ok(view),
            _ => FieldProblems.Problem(
                "key-taken",
                StatusCodes.Status409Conflict,
                [new FieldError("/key", $"The key {key.Fingerprint} is registered for another user. A key belongs to one user; make another: ssh-keygen -t ed25519")]),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveKeyAsync(
        string name, string? fingerprint, HttpContext context, UserAccess access, UserStore users)
    {
        var (user, problem) = await access.FindAsync(name, context);
        if (user is null)
        {
            return problem!;
        }

        if (string.IsNullOrEmpty(fingerprint))
        {
            return Problems.Problem("missing-parameter", StatusCodes.Status400BadRequest, "Say which key: ?fingerprint=SHA256:... (URL-encoded).");
        }

        // A '+' that was not URL-encoded arrives as a space.
        return await users.RemoveKeyAsync(name, fingerprint.Replace(' ', '+'), context.User.Subject(), context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.Problem("key-not-found", StatusCodes.Status404NotFound, $"User '{name}' has no such key.");
    }

    private static string LinkTo(string name, string fingerprint) => $"/v1/users/{name}/keys?fingerprint={Uri.EscapeDataString(fingerprint)}";
}
