namespace Workspaces.Cluster.Rendering;

/// <summary>Capabilities of injected workspaces, as far as the target decides about them.</summary>
public static class InjectedCapabilities
{
    /// <summary>Those that a workspace goes without, although the container runtime would give them.</summary>
    public static IReadOnlyList<string> Withheld => SecurityContexts.Withheld;
}
