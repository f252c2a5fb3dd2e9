namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>How the API server puts lists into sentences.</summary>
internal static class Words
{
    public static string Quoted(IEnumerable<string> items) => string.Join(", ", items.Select(i => $"\"{i}\""));

    /// <summary>Each of them once, in order.</summary>
    public static List<string> Sorted(IEnumerable<string> items) => [.. items.Distinct().Order(StringComparer.Ordinal)];

    public static string Plural(string singular, string plural, int count) => count == 1 ? singular : plural;

    /// <summary><c>container "a"</c>, <c>containers "a", "b"</c>.</summary>
    public static string Containers(IReadOnlyCollection<string> names) => $"{Plural("container", "containers", names.Count)} {Quoted(names)}";

    /// <summary>The pod, its containers or both, as those who set something: <c>pod and container "a"</c>.</summary>
    public static string Setters(bool pod, IReadOnlyCollection<string> containers) =>
        string.Join(" and ", new[] { pod ? "pod" : "", containers.Count > 0 ? Containers(containers) : "" }.Where(s => s.Length > 0));
}
