using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Injector.Planning;

/// <summary>
/// Decides as whom people log in to an injected workspace, so that they can see the target's processes: with SYS_PTRACE as root, without
/// it as the target's own user. A user that the blueprint names is kept, and what that hides is said. Pure.
/// ptrace(2), "Ptrace access mode checking": same user and at least the same capabilities, or CAP_SYS_PTRACE in effect.
/// </summary>
/// <param name="Login">The decision.</param>
/// <param name="Notes">What a person should know about it.</param>
internal sealed record LoginPlan(InjectedLogin Login, IReadOnlyList<string> Notes)
{
    private const string Trace = "SYS_PTRACE";

    /// <summary>The decision for a target.</summary>
    /// <param name="blueprint">The blueprint.</param>
    /// <param name="pod">Pod template.</param>
    /// <param name="target">The container that the workspace is there for.</param>
    /// <param name="running">Pods of the workload: what their containers run as, where the nodes report it.</param>
    public static LoginPlan Of(Blueprint blueprint, V1PodSpec pod, V1Container target, IEnumerable<V1Pod> running)
    {
        var seen = running.SelectMany(each => each.Status?.ContainerStatuses ?? [])
            .FirstOrDefault(status => status.Name == target.Name && status.User?.Linux is not null)?.User?.Linux;
        var uid = target.SecurityContext?.RunAsUser ?? pod.SecurityContext?.RunAsUser ?? seen?.Uid;
        var gid = target.SecurityContext?.RunAsGroup ?? pod.SecurityContext?.RunAsGroup ?? seen?.Gid;
        var traces = Adds(blueprint.SecurityContext, Trace);
        var own = blueprint.User;

        var login = own?.Uid ?? (int)(traces ? 0 : uid ?? 0);
        var group = own?.Gid ?? own?.Uid ?? (int)(traces ? 0 : gid ?? (uid is null or 0 ? 0 : uid.Value));
        var unprivileged = login != 0 && own?.Sudo != true;
        return new LoginPlan(
            new InjectedLogin(login, group, unprivileged, Kept(login, target)), [.. Remarks(login, uid, traces, own, target)]);
    }

    private static IEnumerable<string> Remarks(int login, long? uid, bool traces, BlueprintUser? own, V1Container target)
    {
        if (login == 0 && traces)
        {
            yield break;
        }

        if (login != 0 && (uid is null || login != uid))
        {
            yield return $"You log in as uid {login}{(own?.Uid is null ? "" : ", as the blueprint says")}, and '{target.Name}' runs as "
                + $"{(uid is null ? "the user of its image" : $"uid {uid}")}: unless that is the same, its environment, files and memory are not visible, and no "
                + "signal reaches it. Leave 'user.uid' out of the blueprint.";
        }
        else if (login == 0 && uid is not 0)
        {
            yield return $"You log in as root without SYS_PTRACE, and '{target.Name}' runs as {(uid is null ? "the user of its image" : $"uid {uid}")}: unless that is root, "
                + "signals reach its processes, but their environment, files and memory are not visible and no debugger attaches. Use a blueprint with SYS_PTRACE.";
        }
        else if (target.SecurityContext?.Privileged == true || target.SecurityContext?.Capabilities?.Add is { Count: > 0 })
        {
            yield return $"'{target.Name}' has more capabilities than the workspace, so its environment, files and memory may not be visible. Use a blueprint with SYS_PTRACE.";
        }
    }

    /// <summary>What the target keeps of what a workspace goes without elsewhere; only root has capabilities.</summary>
    private static string[] Kept(int login, V1Container target)
    {
        var drops = target.SecurityContext?.Capabilities?.Drop ?? [];
        return login != 0 || drops.Contains("ALL") ? [] : [.. InjectedCapabilities.Withheld.Where(name => !drops.Contains(name))];
    }

    private static bool Adds(JsonObject? securityContext, string capability) =>
        securityContext?["privileged"] is JsonValue privileged && privileged.TryGetValue<bool>(out var all) && all
        || (securityContext?["capabilities"]?["add"] as JsonArray ?? [])
            .Any(added => (string?)added is { } name && (name == "ALL" || name == capability || name == "CAP_" + capability));
}
