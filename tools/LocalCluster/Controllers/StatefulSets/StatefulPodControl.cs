using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.StatefulSets;

/// <summary>Makes, mends and deletes a StatefulSet's pods and their claims, and says so in events about the set.</summary>
internal sealed class StatefulPodControl(IClusterApi api, ClusterView view)
{
    private const string Component = "statefulset-controller";

    private readonly StatefulSetClaims _claims = new(api, view, Component);

    public bool HasStaleClaims(StoredObject set, long ordinal) => _claims.AreStale(set, StatefulSetPods.Name(set.Name, ordinal));

    /// <summary>Carries out a plan; the first refusal ends it.</summary>
    public async Task ApplyAsync(StoredObject set, StatefulSetState state, StatefulSetPlan plan, CancellationToken ct)
    {
        if (set.IsDeleted)
        {
            return;
        }

        foreach (var pod in plan.Replace)
        {
            await DeleteAsync(set, pod, ct);
        }

        var (_, failure) = await SlowStart.RunAsync(plan.Create.Count, i => CreateAsync(set, state, plan.Create[i], ct));
        if (failure is not null)
        {
            throw failure;
        }

        foreach (var pod in state.Pods)
        {
            await TendAsync(set, state, pod, ct);
        }

        foreach (var pod in plan.Delete)
        {
            await DeleteAsync(set, pod, ct);
        }
    }

    private async Task CreateAsync(StoredObject set, StatefulSetState state, long ordinal, CancellationToken ct)
    {
        var name = StatefulSetPods.Name(set.Name, ordinal);
        try
        {
            await _claims.CreateAsync(set, name, ct);
            var made = await api.CreateAsync(
                ResourceTypes.Pods, set.Namespace, StatefulSetPods.New(set.Json, state.RevisionFor(ordinal), ordinal), ControllerNames.FieldManager, ct);
            await _claims.RetainAsync(set, name, made.Text("metadata", "uid")!, isWanted: true, ct);
            Tell(set, "create", name, null);
        }
        catch (ApiStatusException e)
        {
            // A pod of that name that is someone else's is waited for in silence.
            if (!e.IsAlreadyExists && !PodControl.IsNamespaceTerminating(e))
            {
                Tell(set, "create", name, e.Message);
            }

            throw;
        }
    }

    /// <summary>A pod's identity and claims are kept right for as long as it is there.</summary>
    private async Task TendAsync(StoredObject set, StatefulSetState state, V1Pod pod, CancellationToken ct)
    {
        var name = pod.Metadata.Name;
        try
        {
            if (pod.Status?.Phase == "Pending" && !PodConditions.IsTerminating(pod))
            {
                await _claims.CreateAsync(set, name, ct);
            }

            await _claims.RetainAsync(set, name, pod.Metadata.Uid, state.IsWanted(pod), ct);
            if (StatefulSetPods.HasIdentity(pod) || PodConditions.IsTerminating(pod) || view.Get(ResourceTypes.Pods, set.Namespace, name) is not { } stored)
            {
                return;
            }

            var changed = stored.Copy();
            StatefulSetPods.SetIdentity(changed["metadata"]!.AsObject(), name, StatefulSetPods.Ordinal(set.Name, name)!.Value);
            await api.UpdateAsync(ResourceTypes.Pods, changed, ControllerNames.FieldManager, ct: ct);
            Tell(set, "update", name, null);
        }
        catch (ApiStatusException e) when (!e.IsConflict)
        {
            Tell(set, "update", name, e.Message);
            throw;
        }
    }

    private async Task DeleteAsync(StoredObject set, V1Pod pod, CancellationToken ct)
    {
        try
        {
            await api.DeleteAsync(ResourceTypes.Pods, set.Namespace, pod.Metadata.Name, new DeleteOptions { PreconditionUid = pod.Metadata.Uid }, ct);
        }
        catch (ApiStatusException e) when (!e.IsNotFound && !e.IsConflict)
        {
            Tell(set, "delete", pod.Metadata.Name, e.Message);
            throw;
        }
        catch (ApiStatusException)
        {
            return; // it went meanwhile
        }

        Tell(set, "delete", pod.Metadata.Name, null);
    }

    private void Tell(StoredObject set, string verb, string pod, string? error)
    {
        var title = char.ToUpperInvariant(verb[0]) + verb[1..];
        if (error is null)
        {
            api.RecordEvent(set.Json, "Normal", $"Successful{title}", $"{title} Pod {pod} in StatefulSet {set.Name} successful", Component);
        }
        else
        {
            api.RecordEvent(set.Json, "Warning", $"Failed{title}", $"{title} Pod {pod} in StatefulSet {set.Name} failed error: {error}", Component);
        }
    }
}
