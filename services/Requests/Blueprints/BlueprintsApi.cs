using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Authentication;
using Workspaces.Requests.Blueprints.Resolving;
using Workspaces.Requests.Http;
using Workspaces.Requests.Users;
using Workspaces.Requests.Workspaces.Api;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Blueprints;

/// <summary>A blueprint as the API shows it.</summary>
public sealed record BlueprintView
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>One line for a person who chooses.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Description { get; init; }

    /// <summary>Name of the parent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Extends { get; init; }

    /// <summary>Whether it exists only to be extended.</summary>
    public required bool Abstract { get; init; }

    /// <summary>What a request may set.</summary>
    public required IReadOnlyDictionary<string, BlueprintParameter> Parameters { get; init; }

    /// <summary>What the API shows of a blueprint.</summary>
    public static BlueprintView Of(BlueprintTemplate template) => new()
    {
        Name = template.Name,
        Description = template.Description,
        Extends = template.Extends,
        Abstract = template.Abstract,
        Parameters = template.Parameters,
    };
}

/// <summary>Body of <c>POST /v1/blueprints/{name}/resolve</c>: what a request for a workspace would say.</summary>
public sealed record ResolveBlueprint
{
    /// <summary>Name of the workspace.</summary>
    public string? Name { get; init; }

    /// <summary>What the blueprint lets a request set.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>The workload to go into.</summary>
    public CreateWorkspaceTarget? Target { get; init; }
}

/// <summary>What a workspace would be made from.</summary>
/// <param name="Blueprint">The resolved blueprint.</param>
/// <param name="Ignored">Parts that the model does not take.</param>
/// <param name="Origins">Where each value was written, by JSON pointer.</param>
public sealed record ResolvedView(Blueprint Blueprint, IReadOnlyList<IgnoredPart> Ignored, IReadOnlyDictionary<string, string> Origins);

/// <summary>Blueprints over HTTP.</summary>
public static class BlueprintsApi
{
    /// <summary>Maps <c>/v1/blueprints</c>.</summary>
    public static IEndpointRouteBuilder MapBlueprintsApi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/blueprints").WithTags("blueprints").AddEndpointFilter<JsonBodyFilter>().RequireScope(Scopes.BlueprintsRead)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(503);
        group.MapGet("", List).WithName("ListBlueprints");
        group.MapGet("/{name}", Get).WithName("GetBlueprint").ProducesProblem(404);
        group.MapPost("/{name}/resolve", ResolveAsync).WithName("ResolveBlueprint").ProducesProblem(404).ProducesProblem(422);
        return endpoints;
    }

    private static Results<Ok<IReadOnlyList<BlueprintView>>, ProblemHttpResult> List(BlueprintCatalog catalog) =>
        catalog.Current is { } set
            ? TypedResults.Ok<IReadOnlyList<BlueprintView>>([.. set.Templates.Values.OrderBy(template => template.Name, StringComparer.Ordinal).Select(BlueprintView.Of)])
            : WorkspaceProblems.NoBlueprints();

    private static Results<Ok<BlueprintView>, ProblemHttpResult> Get(string name, BlueprintCatalog catalog) =>
        catalog.Current is not { } set ? WorkspaceProblems.NoBlueprints()
        : set.Templates.TryGetValue(name, out var template) ? TypedResults.Ok(BlueprintView.Of(template))
        : NotFound(name, set);

    private static async Task<Results<Ok<ResolvedView>, ProblemHttpResult>> ResolveAsync(
        string name, JsonBody<ResolveBlueprint> body, HttpContext context, BlueprintCatalog catalog, CallerResolver callers, UserStore users)
    {
        if (catalog.Current is not { } set)
        {
            return WorkspaceProblems.NoBlueprints();
        }

        if (!set.Templates.ContainsKey(name))
        {
            return NotFound(name, set);
        }

        var (caller, problem) = await callers.ResolveAsync(context);
        if (caller is null)
        {
            return problem!;
        }

        if (caller.User is null || await users.FindAsync(caller.User, context.RequestAborted) is not { } user)
        {
            return WorkspaceProblems.NoUser();
        }

        var request = new CreateWorkspace { Name = body.Value.Name, Blueprint = name, Parameters = body.Value.Parameters, Target = body.Value.Target };
        if (CreateWorkspaceRules.Check(request) is { Count: > 0 } errors)
        {
            return FieldProblems.Invalid(errors);
        }

        var resolving = request.ContextFor(user, WorkspaceId.New());
        var resolution = set.Resolve(name, resolving);
        return resolution.Refusal is { } refusal
            ? WorkspaceProblems.Unresolved(refusal)
            : TypedResults.Ok(new ResolvedView(
                resolution.Blueprint!,
                IgnoredParts.Of(resolution.Blueprint!, user.Profile.Name, resolving.Target),
                Origins.Of(resolution.Tree!)));
    }

    private static ProblemHttpResult NotFound(string name, BlueprintSet set) => Problems.Problem(
        "blueprint-not-found", StatusCodes.Status404NotFound, $"There is no blueprint of this name.{Schema.NearestName.Hint(name, set.Templates.Keys)}");
}
