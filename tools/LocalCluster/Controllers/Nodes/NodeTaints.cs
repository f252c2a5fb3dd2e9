using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.Nodes;

/// <summary>
/// The taints that a node's state gives it (https://kubernetes.io/docs/reference/labels-annotations-taints/): not ready, unreachable, under pressure, cordoned.
/// Others' taints are left alone. Pure.
/// </summary>
internal static class NodeTaints
{
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string Unreachable = "node.kubernetes.io/unreachable";
    private const string Unschedulable = "node.kubernetes.io/unschedulable";
    private const string Execute = "NoExecute";
    private const string Schedule = "NoSchedule";

    private static readonly Dictionary<string, string> Pressures = new(StringComparer.Ordinal)
    {
        ["MemoryPressure"] = "node.kubernetes.io/memory-pressure",
        ["DiskPressure"] = "node.kubernetes.io/disk-pressure",
        ["PIDPressure"] = "node.kubernetes.io/pid-pressure",
        ["NetworkUnavailable"] = "node.kubernetes.io/network-unavailable",
    };

    /// <summary>Brings a node's taints in line with its state; says whether that changed any.</summary>
    public static bool Apply(JsonObject node, DateTimeOffset now)
    {
        var wanted = Wanted(node).ToHashSet();
        var spec = node.Ensure("spec");
        var present = spec.Objects("taints").ToList();
        var kept = present.Where(taint => !IsOurs(taint) || wanted.Contains((taint.Text("key")!, taint.Text("effect")!))).ToList();
        var missing = wanted.Where(pair => !kept.Exists(taint => taint.Text("key") == pair.Key && taint.Text("effect") == pair.Effect)).ToList();
        if (missing.Count == 0 && kept.Count == present.Count)
        {
            return false;
        }

        var time = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var taints = new JsonArray([
            .. kept.Select(taint => taint.DeepClone()),
            .. missing.Select(pair => new JsonObject { ["key"] = pair.Key, ["effect"] = pair.Effect, ["timeAdded"] = time }),
        ]);
        spec.Remove("taints");
        if (taints.Count > 0)
        {
            spec["taints"] = taints;
        }

        return true;
    }

    private static bool IsOurs(JsonObject taint) => (taint.Text("key"), taint.Text("effect")) switch
    {
        (NotReady or Unreachable, Execute or Schedule) => true,
        (Unschedulable, Schedule) => true,
        ({ } key, Schedule) => Pressures.ContainsValue(key),
        _ => false,
    };

    private static IEnumerable<(string Key, string Effect)> Wanted(JsonObject node)
    {
        if (node.Flag("spec", "unschedulable") == true)
        {
            yield return (Unschedulable, Schedule);
        }

        foreach (var condition in node.Objects("status", "conditions"))
        {
            switch (condition.Text("type"), condition.Text("status"))
            {
                case ("Ready", "False"):
                    yield return (NotReady, Schedule);
                    yield return (NotReady, Execute);
                    break;
                case ("Ready", "Unknown"):
                    yield return (Unreachable, Schedule);
                    yield return (Unreachable, Execute);
                    break;
                case ({ } type, "True") when Pressures.TryGetValue(type, out var key):
                    yield return (key, Schedule);
                    break;
            }
        }
    }
}
