using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts;
using Workspaces.Injector.Planning;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Preflight;

/// <summary>Finds the workload that a request names, where its namespace has opted in.</summary>
internal sealed class TargetFinder(IKubernetes kubernetes, WorkloadClient workloads)
{
    /// <summary>The workload, or why there is none to inject into.</summary>
    public async Task<(Workload? Target, Refusal? Refusal)> FindAsync(WorkspaceTarget wanted, CancellationToken cancellation)
    {
        if (!WorkloadKind.TryFind(wanted.Kind, out var kind))
        {
            return (null, new Refusal(
                FailureReason.TargetNotFound,
                $"A workspace cannot go into a {wanted.Kind}. Name a {string.Join(", a ", WorkloadKind.All.Select(each => each.Name))}."));
        }

        // Whether the namespace has opted in comes first: of others, nothing is told, not even what is in them.
        var optedIn = await HasOptedInAsync(wanted.Namespace, cancellation);
        if (optedIn is null)
        {
            return (null, new Refusal(FailureReason.TargetNotFound, $"There is no namespace {wanted.Namespace}."));
        }

        if (optedIn == false)
        {
            return (null, new Refusal(
                FailureReason.NotAllowed,
                $"Namespace {wanted.Namespace} does not let workspaces in. Whoever administers it can: kubectl label namespace {wanted.Namespace} {WorkspaceLabels.Injection}=enabled"));
        }

        try
        {
            return await workloads.FindAsync(kind, wanted.Namespace, wanted.Name, cancellation) is { } target
                ? (target, null)
                : (null, new Refusal(FailureReason.TargetNotFound, $"There is no {kind.Name} {wanted.Name} in namespace {wanted.Namespace}."));
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            return (null, new Refusal(
                FailureReason.NotAllowed,
                $"The Injector has no role in namespace {wanted.Namespace}. Whoever administers it binds ClusterRole 'workspaces-injector-target' there: {ClusterError.Of(e)!.Message}"));
        }
    }

    /// <summary><see langword="null"/>: there is no such namespace.</summary>
    private async Task<bool?> HasOptedInAsync(string ns, CancellationToken cancellation)
    {
        try
        {
            return (await kubernetes.CoreV1.ReadNamespaceAsync(ns, cancellationToken: cancellation)).GetLabel(WorkspaceLabels.Injection) == "enabled";
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return null;
        }
    }
}
