using System.Globalization;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>
/// The annotations by which a Deployment and its ReplicaSets remember revisions and sizes; <c>kubectl rollout</c> reads them. Pure.
/// </summary>
internal static class DeploymentAnnotations
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string RevisionHistory = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    private const int LongestHistory = 2000;

    private static readonly HashSet<string> NotCopied =
    [
        Revision, RevisionHistory, DesiredReplicas, MaxReplicas, "kubectl.kubernetes.io/last-applied-configuration", "deprecated.deployment.rollback.to",
    ];

    /// <summary>
    /// What a Deployment's present ReplicaSet must carry besides what it has: the Deployment's own annotations, the newest revision number, and the
    /// numbers that it had before. Null: nothing is missing.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? ForPresent(
        IEnumerable<KeyValuePair<string, string>> deployment, IReadOnlyDictionary<string, string> present, long revision)
    {
        var changed = deployment
            .Where(pair => !NotCopied.Contains(pair.Key) && (!present.TryGetValue(pair.Key, out var value) || value != pair.Value))
            .ToDictionary();
        var before = present.GetValueOrDefault(Revision, "");
        if (before.Length == 0 || (Number(before) is { } old && old < revision))
        {
            changed[Revision] = revision.ToString(CultureInfo.InvariantCulture);
            if (before.Length > 0)
            {
                changed[RevisionHistory] = Append(present.GetValueOrDefault(RevisionHistory, ""), before);
            }
        }

        return changed.Count == 0 ? null : changed;
    }

    public static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The sizes that a ReplicaSet remembers, to tell scaling from rolling and to scale in proportion.</summary>
    public static Dictionary<string, string> Sizes(int desired, int max) => new()
    {
        [DesiredReplicas] = desired.ToString(CultureInfo.InvariantCulture),
        [MaxReplicas] = max.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Adds a revision to the list, dropping the oldest where the list grows too long.</summary>
    private static string Append(string history, string revision)
    {
        var all = history.Length == 0 ? [] : history.Split(',').ToList();
        all.Add(revision);
        while (all.Count > 1 && all.Sum(entry => entry.Length + 1) - 1 > LongestHistory)
        {
            all.RemoveAt(0);
        }

        return string.Join(',', all);
    }
}
