using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Connecting;

/// <summary>What a login that wants to get to its workspace does next.</summary>
public abstract record ArrivalStep
{
    private ArrivalStep()
    {
    }

    /// <summary>Go to this instance; a session is counted on it.</summary>
    public sealed record Arrive(Workspace Workspace, InstanceLease Lease) : ArrivalStep;

    /// <summary>Ask the person which of several replicas.</summary>
    public sealed record Choose(Workspace Workspace, IReadOnlyList<InstanceRoute> Replicas) : ArrivalStep;

    /// <summary>Wait for a change, and tell the person what for.</summary>
    public sealed record Wait(string Sentence) : ArrivalStep;

    /// <summary>Ask Requests to make the workspace.</summary>
    public sealed record Create : ArrivalStep;

    /// <summary>Ask Requests to start the workspace.</summary>
    public sealed record Start(Workspace Workspace) : ArrivalStep;

    /// <summary>Give up, and tell the person why.</summary>
    public sealed record GiveUp(string Sentence, bool IsNoSuchWorkspace = false) : ArrivalStep;
}
