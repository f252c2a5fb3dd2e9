using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s.Models;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Preflight;

/// <summary>
/// Reads the API server's refusal of a pod because of a quota. A pod more does not fit; whether that matters depends on whether the
/// workload makes the successor before it deletes the pod. Pure.
/// https://kubernetes.io/docs/concepts/policy/resource-quotas/
/// </summary>
internal static partial class QuotaRefusal
{
    /// <summary>Whether the words are those of a quota.</summary>
    public static bool Is(string message) => message.Contains("exceeded quota:", StringComparison.Ordinal);

    /// <summary>
    /// Whether the successor of a pod that is deleted first fits where a pod more does not: then only what the workspace adds counts.
    /// </summary>
    /// <param name="message">The server's words: "exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3".</param>
    /// <param name="target">The workload.</param>
    /// <param name="added">Resources of the workspace container.</param>
    public static bool PassesInPlace(string message, Workload target, JsonObject? added)
    {
        if (!target.ReplacesInPlace || Quota().Match(message) is not { Success: true } match)
        {
            return false;
        }

        var used = Amounts(match.Groups["used"].Value);
        var limited = Amounts(match.Groups["limited"].Value);
        return Amounts(match.Groups["requested"].Value).Keys.All(name =>
            used.TryGetValue(name, out var inUse) && limited.TryGetValue(name, out var most) && inUse + Added(name, added) <= most);
    }

    private static decimal Added(string quota, JsonObject? added)
    {
        var (part, resource) = quota switch
        {
            "cpu" or "memory" => ("requests", quota),
            "requests.cpu" or "requests.memory" or "limits.cpu" or "limits.memory" => (quota[..quota.IndexOf('.', StringComparison.Ordinal)], quota[(quota.IndexOf('.', StringComparison.Ordinal) + 1)..]),
            _ => ("", ""),
        };
        return (string?)added?[part]?[resource] is { } amount ? new ResourceQuantity(amount).ToDecimal() : 0;
    }

    private static Dictionary<string, decimal> Amounts(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0], pair => new ResourceQuantity(pair[1]).ToDecimal());

    [GeneratedRegex("exceeded quota: [^,]+, requested: (?<requested>.+), used: (?<used>.+), limited: (?<limited>.+)$")]
    private static partial Regex Quota();
}
