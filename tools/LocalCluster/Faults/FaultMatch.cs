using Workspaces.LocalCluster.Serving;

namespace Workspaces.LocalCluster.Faults;

/// <summary>Which requests a fault is for. What is empty matches all.</summary>
internal sealed record FaultMatch
{
    /// <summary>get, list, watch, create, update, patch, delete, deletecollection.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>As RBAC names them: <c>pods</c>, <c>pods/exec</c>, <c>deployments</c> or <c>deployments.apps</c>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>How the client's User-Agent begins.</summary>
    public IReadOnlyList<string> UserAgents { get; init; } = [];

    /// <summary>Whether a request is meant. Requests that name no resource (discovery, health) never are.</summary>
    public bool Matches(ApiRequest? request, string userAgent) =>
        request is not null
        && Any(Verbs, v => v == request.Verb)
        && Any(Resources, r => r == request.Access.FullResource || r == $"{request.Access.FullResource}.{request.Type.Group}")
        && Any(Namespaces, n => n == request.Namespace)
        && Any(UserAgents, a => userAgent.StartsWith(a, StringComparison.Ordinal));

    private static bool Any(IReadOnlyList<string> wanted, Func<string, bool> matches) => wanted.Count == 0 || wanted.Any(matches);
}
