using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Tables;

/// <summary>The cells of a pod's row: how many containers are ready, and in one word how the pod is.</summary>
internal static class PodCells
{
    public static string Ready(JsonObject pod)
    {
        var restartable = Restartable(pod);
        var statuses = pod.Objects("status", "containerStatuses")
            .Concat(pod.Objects("status", "initContainerStatuses").Where(s => restartable.Contains(s.Text("name"))));
        var ready = statuses.Count(s => s.Flag("ready") == true && s.At("state", "running") is not null);
        return $"{ready}/{pod.Objects("spec", "containers").Count() + restartable.Count}";
    }

    public static string Status(JsonObject pod)
    {
        var reason = pod.Text("status", "reason") is { Length: > 0 } given ? given : pod.Text("status", "phase") ?? "";
        if (reason == "Pending" && Conditions(pod).FirstOrDefault(c => c.Text("type") == "PodScheduled")?.Text("reason") == "SchedulingGated")
        {
            reason = "SchedulingGated";
        }

        var initializing = false;
        var restartable = Restartable(pod);
        var inits = pod.Objects("spec", "initContainers").ToList();
        var index = 0;
        foreach (var init in pod.Objects("status", "initContainerStatuses"))
        {
            if (init.Number("state", "terminated", "exitCode") == 0
                || (restartable.Contains(init.Text("name")) && init.Flag("started") == true))
            {
                index++;
                continue;
            }

            reason = InitReason(init, index, inits.Count);
            initializing = true;
            break;
        }

        if (!initializing || Conditions(pod).Any(c => c.Text("type") == "Initialized" && c.Text("status") == "True"))
        {
            reason = ContainersReason(pod, reason);
        }

        if (pod.At("metadata", "deletionTimestamp") is not null)
        {
            return pod.Text("status", "reason") == "NodeLost" ? "Unknown" : pod.Text("status", "phase") is "Succeeded" or "Failed" ? reason : "Terminating";
        }

        return reason;
    }

    public static string Restarts(JsonObject pod)
    {
        var statuses = pod.Objects("status", "containerStatuses").Concat(pod.Objects("status", "initContainerStatuses")).ToList();
        var count = statuses.Sum(s => s.Number("restartCount") ?? 0);
        var last = statuses.Select(s => s.Text("lastState", "terminated", "finishedAt")).Where(t => t is not null).Max(StringComparer.Ordinal);
        return count > 0 && last is not null ? $"{count} ({Cells.Age(last)} ago)" : count.ToString(CultureInfo.InvariantCulture);
    }

    public static string Gates(JsonObject pod)
    {
        var gates = pod.Objects("spec", "readinessGates").ToList();
        return gates.Count == 0
            ? "<none>"
            : $"{gates.Count(g => Conditions(pod).Any(c => c.Text("type") == g.Text("conditionType") && c.Text("status") == "True"))}/{gates.Count}";
    }

    private static string InitReason(JsonObject init, int index, int count)
    {
        if (init.At("state", "terminated") is { } ended)
        {
            if (ended.Text("reason") is { Length: > 0 } why)
            {
                return "Init:" + why;
            }

            return ended.Number("signal") is > 0 and var signal ? $"Init:Signal:{signal}" : $"Init:ExitCode:{ended.Number("exitCode")}";
        }

        return init.Text("state", "waiting", "reason") is { Length: > 0 } and not "PodInitializing" and var waiting ? "Init:" + waiting : $"Init:{index}/{count}";
    }

    private static string ContainersReason(JsonObject pod, string reason)
    {
        var running = false;
        foreach (var container in pod.Objects("status", "containerStatuses").Reverse())
        {
            if (container.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (container.At("state", "terminated") is { } ended)
            {
                reason = ended.Text("reason") is { Length: > 0 } why ? why
                    : ended.Number("signal") is > 0 and var signal ? $"Signal:{signal}" : $"ExitCode:{ended.Number("exitCode")}";
            }
            else if (container.Flag("ready") == true && container.At("state", "running") is not null)
            {
                running = true;
            }
        }

        if (reason != "Completed" || !running)
        {
            return reason;
        }

        return Conditions(pod).Any(c => c.Text("type") == "Ready" && c.Text("status") == "True") ? "Running" : "NotReady";
    }

    private static HashSet<string?> Restartable(JsonObject pod) =>
        pod.Objects("spec", "initContainers").Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name")).ToHashSet();

    private static IEnumerable<JsonObject> Conditions(JsonObject pod) => pod.Objects("status", "conditions");
}
