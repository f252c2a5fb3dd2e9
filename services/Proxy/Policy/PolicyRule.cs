namespace Workspaces.Proxy.Policy;

/// <summary>
/// A rule about what sessions may be used for. It applies where everything that it names fits; what it does not name fits always.
/// </summary>
public sealed class PolicyRule
{
    /// <summary>Names of users.</summary>
    public IList<string> Users { get; init; } = [];

    /// <summary>Names of blueprints.</summary>
    public IList<string> Blueprints { get; init; } = [];

    /// <summary>Workloads of injected workspaces: <c>NAMESPACE/KIND.NAME</c>, for instance <c>shop/deployment.payments</c>, or <c>NAMESPACE/*</c>.</summary>
    public IList<string> Targets { get; init; } = [];

    /// <summary>What is forbidden.</summary>
    public IList<SessionUse> Deny { get; init; } = [];

    /// <summary>What is allowed, although an earlier rule or the default forbids it.</summary>
    public IList<SessionUse> Allow { get; init; } = [];
}
