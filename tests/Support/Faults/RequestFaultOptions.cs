namespace Workspaces.Support.Faults;

/// <summary>Which requests a fault strikes, and how often. What is left out: all requests, always, until it is cleared.</summary>
public sealed record RequestFaultOptions
{
    /// <summary>Probability from 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>The same seed strikes the same requests of a sequence.</summary>
    public int? Seed { get; init; }

    public int? Times { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>As RBAC names them: pods, pods/exec, deployments.apps.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>How the client's User-Agent begins.</summary>
    public IReadOnlyList<string> UserAgents { get; init; } = [];
}
