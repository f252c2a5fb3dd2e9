using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Authenticating;

/// <summary>The question which replica (<c>replica=ask</c>), and what an answer means. Pure.</summary>
internal static class ReplicaQuestion
{
    /// <summary>The replicas, and how to name one without being asked: clients that cannot answer show no more than this.</summary>
    public static string Instruction(string workspace, IReadOnlyList<InstanceRoute> replicas) =>
        $"Workspace {workspace} has {replicas.Count} replicas: {Arrival.ListOf(replicas)}. To go to one without being asked: {workspace}.{SafeText.OneLine(replicas[0].Replica)}@...";

    /// <summary>The replica that an answer names; null where it names none.</summary>
    public static ReplicaSelector? Read(string answer, IReadOnlyList<InstanceRoute> replicas)
    {
        var selector = new ReplicaSelector(answer.Trim());
        return replicas.Any(route => selector.Matches(route.Replica, route.Pod)) ? selector : null;
    }
}
