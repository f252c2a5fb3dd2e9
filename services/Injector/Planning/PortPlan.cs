using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Planning;

/// <summary>Chooses the port of a workspace's SSH server: free of what the pods declare and of what other workspaces reserved. Pure.</summary>
internal static class PortPlan
{
    /// <summary>First port that is tried; a hundred follow.</summary>
    public const int First = 2222;

    private const int Count = 100;

    /// <summary>The lowest free port from <paramref name="from"/> on, or 0 where none is free.</summary>
    public static int Choose(Workload target, string workspaceId, int from = First)
    {
        if (target.ReservedPorts.FirstOrDefault(entry => entry.Value == workspaceId).Key is var own and not 0)
        {
            return own;
        }

        var taken = target.Template.Spec.Containers.Concat(target.Template.Spec.InitContainers ?? [])
            .SelectMany(container => container.Ports ?? []).Select(port => port.ContainerPort)
            .Concat(target.ReservedPorts.Keys)
            .ToHashSet();
        return Enumerable.Range(First, Count).FirstOrDefault(port => port >= from && !taken.Contains(port));
    }
}
