using System.Diagnostics.CodeAnalysis;

namespace Workspaces.Injector.Targets;

/// <summary>A kind of workload that can be injected into.</summary>
/// <param name="Name">As in <c>kind</c>.</param>
/// <param name="Plural">As in paths of the API.</param>
/// <param name="ReplacesInPlace">Whether a pod is deleted before its successor is made; Deployments usually make the successor first.</param>
internal sealed record WorkloadKind(string Name, string Plural, bool ReplacesInPlace)
{
    public static readonly WorkloadKind Deployment = new("Deployment", "deployments", ReplacesInPlace: false);
    public static readonly WorkloadKind StatefulSet = new("StatefulSet", "statefulsets", ReplacesInPlace: true);
    public static readonly WorkloadKind DaemonSet = new("DaemonSet", "daemonsets", ReplacesInPlace: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<WorkloadKind> All { get; } = [Deployment, StatefulSet, DaemonSet];

    /// <summary>The kind called <paramref name="name"/>.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out WorkloadKind? kind) =>
        (kind = All.FirstOrDefault(candidate => candidate.Name == name)) is not null;

    /// <summary>The kind called <paramref name="name"/>, which a record has because it was found before.</summary>
    public static WorkloadKind Of(string name) =>
        TryFind(name, out var kind) ? kind : throw new ArgumentException($"{name} is not a kind that is injected into.", nameof(name));
}
