using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Planning;

/// <summary>From a request and a workload to what is injected, and back from the record to the same. Pure.</summary>
internal static class InjectionPlan
{
    /// <summary>Annotation by which an owner says which container matters.</summary>
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";

    /// <summary>What is to be injected.</summary>
    public static InjectionState Make(WorkspaceRecord record, Workload target, IList<V1Pod> pods, DateTimeOffset now)
    {
        var request = record.Request!;
        var spec = target.Template.Spec;
        var container = ContainerOf(target);
        var login = LoginPlan.Of(request.Blueprint, spec, container, pods);
        string[] notes = [.. login.Notes, .. NotesOf(target)];
        return new InjectionState
        {
            Workload = target.Reference,
            Namespace = target.Namespace,
            Mode = request.Target!.Mode,
            Container = container.Name,
            SshPort = PortPlan.Choose(target, record.WorkspaceId),
            Login = login.Login,
            Resources = ResourcePlan.Of(request.Blueprint.Resources, spec, target.OwnContainers),
            SharesProcesses = spec.HostPID != true,
            WasHealthy = target.IsHealthy,
            At = now,
            Notes = notes.Length == 0 ? null : string.Join(' ', notes),
        };
    }

    /// <summary>The container that a workspace is there for.</summary>
    public static V1Container ContainerOf(Workload target)
    {
        var named = target.Template.Metadata?.Annotations?.TryGetValue(DefaultContainer, out var name) == true ? name : null;
        return target.OwnContainers.FirstOrDefault(container => container.Name == named) ?? target.OwnContainers[0];
    }

    /// <summary>What is rendered, from what the record says.</summary>
    public static InjectionInput InputOf(WorkspaceRecord record, InjectionState injection, string recordNamespace, string hostKey = "")
    {
        var request = record.Request!;
        var blueprint = BlueprintOf(request, injection.Login);
        return new InjectionInput
        {
            Workspace = new WorkspaceInput
            {
                WorkspaceId = record.WorkspaceId,
                Generation = record.Generation,
                Name = request.Name,
                Owner = request.Owner,
                Blueprint = blueprint,
                HostKey = hostKey,
                Model = WorkspaceModel.Injection,
                OwnedBy = injection.Workload,
                Namespace = injection.Namespace,
            },
            Target = injection.Workload,
            RecordNamespace = recordNamespace,
            SshPort = injection.SshPort,
            Unprivileged = injection.Login.Unprivileged,
            KeptCapabilities = injection.Login.Kept,
            SharesProcesses = injection.SharesProcesses,
            Resources = injection.Resources,
        };
    }

    /// <summary>Name of the user that sessions log in as.</summary>
    public static string LoginNameOf(WorkspaceRequest request, InjectionState injection) =>
        LoginUser.Of(request.Owner, BlueprintOf(request, injection.Login).User).Name;

    /// <summary>Names of the workspace's containers, the init container included.</summary>
    public static IReadOnlyList<string> ContainersOf(string workspaceId) =>
        [ObjectNames.InjectedToolkit(workspaceId), ObjectNames.InjectedContainer(workspaceId)];

    private static Blueprint BlueprintOf(WorkspaceRequest request, InjectedLogin login)
    {
        var blueprint = InjectableBlueprint.Of(request.Blueprint, request.Owner.Name);
        return blueprint with { User = (blueprint.User ?? new BlueprintUser()) with { Uid = login.Uid, Gid = login.Gid } };
    }

    private static IEnumerable<string> NotesOf(Workload target)
    {
        if (target.Workspaces.Count > 0)
        {
            yield return $"Sessions of {target.Workspaces.Count} other workspaces in {target.Title} end, because its pods are replaced.";
        }

        if (target.Partition > 0)
        {
            yield return $"Only the replicas from ordinal {target.Partition} on are replaced (partition).";
        }

        if (!target.IsHealthy)
        {
            yield return target.Kind == WorkloadKind.StatefulSet
                ? $"Only {target.Ready} of {target.Wanted} replicas were ready before. A StatefulSet does not replace pods while one is not ready: delete the pods that are not."
                : $"Only {target.Ready} of {target.Wanted} replicas were ready before; those that do not become ready hold up the replacement of the others: delete them.";
        }

        if (target.HistoryLimit <= 2)
        {
            yield return $"The history of {target.Title} keeps {target.HistoryLimit} revisions (revisionHistoryLimit): older ones that you might roll back to are lost.";
        }
    }
}
