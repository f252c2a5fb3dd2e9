using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Resolving;
using Workspaces.Requests.Users;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Body of <c>POST /v1/workspaces</c>.</summary>
public sealed record CreateWorkspace
{
    /// <summary>Name: a DNS label, unique in the installation; absent: owner and blueprint, <c>alice-dev</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the blueprint.</summary>
    public string? Blueprint { get; init; }

    /// <summary>What the blueprint lets a request set.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>The workload to go into; absent: a pod of its own.</summary>
    public CreateWorkspaceTarget? Target { get; init; }

    /// <summary>Time until it is deleted (<c>4h</c>), within the blueprint's bounds; absent: the blueprint's.</summary>
    public string? Ttl { get; init; }

    /// <summary>What its blueprint is resolved for; the request has passed <see cref="CreateWorkspaceRules"/>.</summary>
    internal ResolveContext ContextFor(User user, string id) => new()
    {
        Owner = user.AsOwner(),
        WorkspaceId = id,
        WorkspaceName = Name ?? $"{user.Profile.Name}-{Blueprint}",
        Target = Target is null ? null : new WorkspaceTarget
        {
            Kind = Target.Kind!,
            Namespace = Target.Namespace!,
            Name = Target.Name!,
            Mode = Target.Mode,
        },
        Parameters = Parameters ?? new Dictionary<string, string>(),
    };
}

/// <summary>The workload that a workspace goes into.</summary>
public sealed record CreateWorkspaceTarget
{
    /// <summary><c>Deployment</c>, <c>StatefulSet</c> or <c>DaemonSet</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Namespace of the workload.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the workload.</summary>
    public string? Name { get; init; }

    /// <summary><c>rollout</c> (default) or <c>live</c>.</summary>
    public InjectionMode Mode { get; init; } = InjectionMode.Rollout;
}
