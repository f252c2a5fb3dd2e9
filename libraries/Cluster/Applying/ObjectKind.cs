using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Workspaces.Cluster.Applying;

/// <summary>The calls of the typed client for one kind of object, so that applying and removing need not know kinds apart.</summary>
internal sealed record ObjectKind
{
    /// <summary>Name of the kind, as in <c>kind</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Server-side apply.</summary>
    public required Func<IKubernetes, V1Patch, string, string, string, bool, CancellationToken, Task<IMetadata<V1ObjectMeta>>> Apply { get; init; }

    /// <summary>Reads one object.</summary>
    public required Func<IKubernetes, string, string, CancellationToken, Task<IMetadata<V1ObjectMeta>>> Read { get; init; }

    /// <summary>Deletes one object.</summary>
    public required Func<IKubernetes, string, string, V1DeleteOptions, CancellationToken, Task> Delete { get; init; }

    /// <summary>The kinds that standalone workspaces consist of.</summary>
    private static readonly Dictionary<string, ObjectKind> ByName = new ObjectKind[]
    {
        new()
        {
            Name = V1ServiceAccount.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.CoreV1.PatchNamespacedServiceAccountAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) => await k.CoreV1.ReadNamespacedServiceAccountAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.CoreV1.DeleteNamespacedServiceAccountAsync(name, ns, how, cancellationToken: ct),
        },
        new()
        {
            Name = V1ConfigMap.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.CoreV1.PatchNamespacedConfigMapAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) => await k.CoreV1.ReadNamespacedConfigMapAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.CoreV1.DeleteNamespacedConfigMapAsync(name, ns, how, cancellationToken: ct),
        },
        new()
        {
            Name = V1Secret.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.CoreV1.PatchNamespacedSecretAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) => await k.CoreV1.ReadNamespacedSecretAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.CoreV1.DeleteNamespacedSecretAsync(name, ns, how, cancellationToken: ct),
        },
        new()
        {
            Name = V1Service.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.CoreV1.PatchNamespacedServiceAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) => await k.CoreV1.ReadNamespacedServiceAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.CoreV1.DeleteNamespacedServiceAsync(name, ns, how, cancellationToken: ct),
        },
        new()
        {
            Name = V1PersistentVolumeClaim.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) =>
                await k.CoreV1.ReadNamespacedPersistentVolumeClaimAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.CoreV1.DeleteNamespacedPersistentVolumeClaimAsync(name, ns, how, cancellationToken: ct),
        },
        new()
        {
            Name = V1StatefulSet.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.AppsV1.PatchNamespacedStatefulSetAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) => await k.AppsV1.ReadNamespacedStatefulSetAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.AppsV1.DeleteNamespacedStatefulSetAsync(name, ns, how, cancellationToken: ct),
        },
        new()
        {
            Name = V1NetworkPolicy.KubeKind,
            Apply = async (k, patch, name, ns, manager, force, ct) => await k.NetworkingV1.PatchNamespacedNetworkPolicyAsync(
                patch, name, ns, fieldManager: manager, force: force, cancellationToken: ct).ConfigureAwait(false),
            Read = async (k, name, ns, ct) =>
                await k.NetworkingV1.ReadNamespacedNetworkPolicyAsync(name, ns, cancellationToken: ct).ConfigureAwait(false),
            Delete = (k, name, ns, how, ct) => k.NetworkingV1.DeleteNamespacedNetworkPolicyAsync(name, ns, how, cancellationToken: ct),
        },
    }.ToDictionary(kind => kind.Name);

    /// <summary>The kind called <paramref name="name"/>.</summary>
    public static ObjectKind Named(string name) =>
        ByName.TryGetValue(name, out var kind) ? kind : throw new ArgumentException($"Objects of kind '{name}' are not applied here.", nameof(name));

    /// <summary>The kind of a rendered object.</summary>
    public static ObjectKind Of(JsonObject rendered) => Named(rendered["kind"]!.GetValue<string>());
}
