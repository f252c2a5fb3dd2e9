using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Contracts;
using Workspaces.Requests.Authentication;
using Workspaces.Requests.Blueprints;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Http;
using Workspaces.Requests.Users;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>
/// Makes a workspace out of a request. Steps: (1) whose, (2) what can be said at once, (3) was it asked before, (4) resolve the
/// blueprint, (5) its end, (6) store.
/// </summary>
public sealed class WorkspaceCreation(
    WorkspaceStore workspaces, UserStore users, BlueprintCatalog blueprints, WorkspaceViews views, TimeProvider clock, ILogger<WorkspaceCreation> logger)
{
    private const int MaxKeyLength = 255;

    /// <summary>The new workspace, or the one that the same request made before, or why there is none.</summary>
    public async Task<Created> CreateAsync(CreateWorkspace request, Caller caller, string? idempotencyKey, CancellationToken cancellationToken)
    {
        // (1) Whose is it?
        if (caller.User is null || await users.FindAsync(caller.User, cancellationToken) is not { } user)
        {
            return Created.Not(WorkspaceProblems.NoUser());
        }

        // (2) What can be said at once?
        if (CreateWorkspaceRules.Check(request) is { Count: > 0 } errors)
        {
            return Created.Not(FieldProblems.Invalid(errors));
        }

        if (idempotencyKey?.Length is 0 or > MaxKeyLength)
        {
            return Created.Not(Problems.Problem(
                "invalid-idempotency-key", StatusCodes.Status400BadRequest, $"An Idempotency-Key has 1 to {MaxKeyLength} characters."));
        }

        // (3) Was it asked before?
        var keyId = idempotencyKey is null ? null : Hash($"{caller.Name}\n{caller.User}\n{idempotencyKey}");
        var requestHash = Hash(JsonSerializer.Serialize(request, ContractsJson.Options));
        if (keyId is not null && await workspaces.FindAnswerAsync(keyId, cancellationToken) is { } before)
        {
            return await RepeatAsync(before, requestHash, cancellationToken);
        }

        // (4) Resolve the blueprint.
        if (blueprints.Current is not { } set)
        {
            return Created.Not(WorkspaceProblems.NoBlueprints());
        }

        var context = request.ContextFor(user, await NewIdAsync(cancellationToken));
        if (!DnsLabel.IsValid(context.WorkspaceName))
        {
            return Created.Not(FieldProblems.Invalid("/name", $"The default name '{context.WorkspaceName}' would be too long; give one."));
        }

        if (await workspaces.FindAsync(context.WorkspaceName, cancellationToken) is { IsDeleted: false } holder && holder.Name != context.WorkspaceName)
        {
            // Looks like the id of another workspace: GET would not know which of the two is meant.
            return Created.Not(WorkspaceProblems.NameTaken(context.WorkspaceName));
        }

        var resolution = set.Resolve(request.Blueprint!, context);
        if (resolution.Refusal is { } refusal)
        {
            return Created.Not(WorkspaceProblems.Unresolved(refusal));
        }

        // (5) Its end.
        var now = clock.GetUtcNow();
        var blueprint = resolution.Blueprint!;
        if (!TryExpiry(request.Ttl, blueprint.Lifetime?.Ttl, blueprint.Lifetime?.MaxTtl, now, out var expiresAt))
        {
            return Created.Not(FieldProblems.Invalid("/ttl", $"The blueprint '{blueprint.Name}' allows at most {blueprint.Lifetime!.MaxTtl}."));
        }

        // (6) Store.
        var requested = WorkspaceDecider.Request(
            new NewWorkspace
            {
                Id = context.WorkspaceId,
                Name = context.WorkspaceName,
                Owner = context.Owner,
                RequestedBy = caller.Name,
                Blueprint = blueprint,
                Target = context.Target,
                ExpiresAt = expiresAt,
            },
            now);
        var workspace = WorkspaceEvolution.Apply(null, requested)!;
        var answer = keyId is null ? null : new IdempotencyRecord
        {
            Id = keyId,
            RequestHash = requestHash,
            WorkspaceId = workspace.Id,
            Answer = views.Of(workspace, lastUsedAt: null),
            CreatedAt = now,
        };
        switch (await workspaces.CreateAsync(requested, answer, cancellationToken))
        {
            case CreationOutcome.Created:
                WorkspacesLog.Requested(logger, caller.Name, workspace.Id, workspace.Name, workspace.Owner.Name, blueprint.Name);
                return new Created { Workspace = workspace };

            case CreationOutcome.KeyTaken when await workspaces.FindAnswerAsync(keyId!, cancellationToken) is { } faster:
                return await RepeatAsync(faster, requestHash, cancellationToken);

            default:
                // Of two at once with the same key, the slower may also meet the name that the faster one just took.
                return keyId is not null && await workspaces.FindAnswerAsync(keyId, cancellationToken) is { } same
                    ? await RepeatAsync(same, requestHash, cancellationToken)
                    : Created.Not(WorkspaceProblems.NameTaken(requested.Name));
        }
    }

    private async Task<Created> RepeatAsync(IdempotencyRecord before, string requestHash, CancellationToken cancellationToken) =>
        before.RequestHash != requestHash ? Created.Not(WorkspaceProblems.KeyReused())
        : new Created { Workspace = await workspaces.FindAsync(before.WorkspaceId, cancellationToken), Repeated = before.Answer };

    /// <summary>An id that is nobody's name.</summary>
    private async Task<string> NewIdAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var id = WorkspaceId.New();
            if (await workspaces.FindAsync(id, cancellationToken) is null)
            {
                return id;
            }
        }
    }

    /// <summary>False: the request asks for more than the blueprint allows.</summary>
    private static bool TryExpiry(string? requested, string? byDefault, string? maximum, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        if ((requested ?? byDefault) is not { } text || !Duration.TryParse(text, out var ttl))
        {
            return true;
        }

        expiresAt = now + ttl;
        return requested is null || maximum is null || !Duration.TryParse(maximum, out var most) || ttl <= most;
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What came of a request.</summary>
public sealed record Created
{
    /// <summary>The workspace, as it is now; with <see cref="Repeated"/> it may be gone since.</summary>
    public Workspace? Workspace { get; init; }

    /// <summary>The answer that the same request got before.</summary>
    public WorkspaceView? Repeated { get; init; }

    /// <summary>Why there is no workspace.</summary>
    public ProblemHttpResult? Problem { get; private init; }

    /// <summary>A refusal.</summary>
    public static Created Not(ProblemHttpResult problem) => new() { Problem = problem };
}
