using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Http;
using Workspaces.Requests.Users;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Authentication;

/// <summary>Body of <c>POST /v1/api-keys</c>.</summary>
public sealed record CreateApiKey
{
    /// <summary>Name of the key: a DNS label.</summary>
    public string? Name { get; init; }

    /// <summary>What it may be used for.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The user it acts as; absent: a service or bot of its own.</summary>
    public string? User { get; init; }

    /// <summary>Time until it expires (<c>90d</c>); absent: it does not.</summary>
    public string? Ttl { get; init; }
}

/// <summary>An API key as the API shows it: never with its secret.</summary>
public record ApiKeyView
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>What it may be used for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The user it acts as.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? User { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new API key, the only time with its secret.</summary>
public sealed record NewApiKeyView : ApiKeyView
{
    /// <summary>The key itself; it cannot be read again.</summary>
    public required string Key { get; init; }
}

/// <summary>API keys over HTTP, for administrators' keys: who may make keys may make one that can do everything.</summary>
public static class ApiKeysApi
{
    /// <summary>Maps <c>/v1/api-keys</c>.</summary>
    public static IEndpointRouteBuilder MapApiKeysApi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/api-keys").WithTags("api keys").AddEndpointFilter<JsonBodyFilter>().RequireScope(Scopes.Admin)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        group.MapGet("", ListAsync).WithName("ListApiKeys");
        group.MapPost("", CreateAsync).WithName("CreateApiKey").ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
        group.MapDelete("/{name}", RevokeAsync).WithName("RevokeApiKey").ProducesProblem(404).ProducesProblem(409);
        return endpoints;
    }

    private static async Task<Ok<IReadOnlyList<ApiKeyView>>> ListAsync(ApiKeyStore keys, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<ApiKeyView>>([.. (await keys.ListAsync(cancellationToken)).Select(ViewOf)]);

    private static async Task<Results<Created<NewApiKeyView>, ProblemHttpResult>> CreateAsync(
        JsonBody<CreateApiKey> body, HttpContext context, ApiKeyStore keys, UserStore users, ILogger<ApiKeyStore> logger)
    {
        var request = body.Value;
        var errors = Check(request, out var lifetime);
        if (request.User is { } user && (!UserRules.IsName(user) || await users.FindAsync(user, context.RequestAborted) is null))
        {
            errors.Add(new FieldError("/user", "There is no such user."));
        }

        if (errors.Count > 0)
        {
            return FieldProblems.Invalid(errors);
        }

        if (await keys.CreateAsync(request.Name!, request.Scopes!, request.User, lifetime, context.RequestAborted) is not var (key, secret))
        {
            return FieldProblems.Problem("key-name-taken", StatusCodes.Status409Conflict, [new FieldError("/name", $"There is a key named '{request.Name}' already.")]);
        }

        AuthenticationLog.KeyCreated(logger, context.User.Subject(), key.Id, string.Join(' ', key.Scopes), key.User);
        return TypedResults.Created($"/v1/api-keys/{key.Id}", new NewApiKeyView
        {
            Name = key.Id,
            Key = secret,
            Scopes = key.Scopes,
            User = key.User,
            CreatedAt = key.CreatedAt,
            ExpiresAt = key.ExpiresAt,
        });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string name, HttpContext context, ApiKeyStore keys, ILogger<ApiKeyStore> logger)
    {
        switch (await keys.RevokeAsync(name, context.RequestAborted))
        {
            case KeyRevocation.Revoked:
                AuthenticationLog.KeyRevoked(logger, context.User.Subject(), name);
                return TypedResults.NoContent();

            case KeyRevocation.FromBootstrap:
                return Problems.Problem(
                    "key-from-bootstrap", StatusCodes.Status409Conflict, "This key comes from the bootstrap file, which would bring it back at the next start. Remove it there.");

            default:
                return Problems.Problem("api-key-not-found", StatusCodes.Status404NotFound, "There is no API key of this name.");
        }
    }

    private static List<FieldError> Check(CreateApiKey request, out TimeSpan? lifetime)
    {
        lifetime = null;
        var errors = new List<FieldError>();
        if (!DnsLabel.IsValid(request.Name))
        {
            errors.Add(new FieldError("/name", "A name is a DNS label: at most 63 of a-z, 0-9 and '-', with no '-' at either end."));
        }

        if (request.Scopes is not { Count: > 0 })
        {
            errors.Add(new FieldError("/scopes", $"Name at least one scope. There are: {string.Join(", ", KnownScopes.All)}."));
        }
        else if (request.Scopes.FirstOrDefault(scope => !KnownScopes.All.Contains(scope)) is { } unknown)
        {
            errors.Add(new FieldError("/scopes", $"There is no scope '{unknown}'.{NearestName.Hint(unknown, KnownScopes.All)}"));
        }

        if (request.Ttl is { } text)
        {
            if (Duration.TryParse(text, out var ttl))
            {
                lifetime = ttl;
            }
            else
            {
                errors.Add(new FieldError("/ttl", "Give the time until it expires, such as 12h or 90d."));
            }
        }

        return errors;
    }

    private static ApiKeyView ViewOf(ApiKey key) =>
        new() { Name = key.Id, Scopes = key.Scopes, User = key.User, CreatedAt = key.CreatedAt, ExpiresAt = key.ExpiresAt };
}
