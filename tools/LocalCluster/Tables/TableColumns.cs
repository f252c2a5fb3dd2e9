using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using static Workspaces.LocalCluster.Tables.Cells;

namespace Workspaces.LocalCluster.Tables;

/// <summary>The columns of each kind, as kubectl shows them for a real cluster.</summary>
internal static class TableColumns
{
    private static readonly TableColumn Name = new("Name", o => o.Text("metadata", "name"));
    private static readonly TableColumn Age = new("Age", o => Cells.Age(o.Text("metadata", "creationTimestamp")));
    private static readonly TableColumn Data = new("Data", o => Count(o["data"]) + Count(o["binaryData"]), Type: "integer");
    private static readonly TableColumn Containers = new("Containers", o => Names(o, "name"), Wide: true);
    private static readonly TableColumn Images = new("Images", o => Names(o, "image"), Wide: true);
    private static readonly TableColumn Selector = new("Selector", o => Labels(o.At("spec", "selector")), Wide: true);
    private static readonly TableColumn Created = new("Created At", o => o.Text("metadata", "creationTimestamp"));

    private static readonly Dictionary<ResourceType, IReadOnlyList<TableColumn>> ByType = new()
    {
        [ResourceTypes.Namespaces] = [Name, new("Status", o => o.Text("status", "phase")), Age],
        [ResourceTypes.Pods] =
        [
            Name, new("Ready", o => PodCells.Ready(o)), new("Status", o => PodCells.Status(o)), new("Restarts", o => PodCells.Restarts(o)), Age,
            new("IP", o => OrNone(o.Text("status", "podIP")), Wide: true),
            new("Node", o => OrNone(o.Text("spec", "nodeName")), Wide: true),
            new("Nominated Node", o => OrNone(o.Text("status", "nominatedNodeName")), Wide: true),
            new("Readiness Gates", o => PodCells.Gates(o), Wide: true),
        ],
        [ResourceTypes.Deployments] =
        [
            Name, new("Ready", o => $"{Status(o, "readyReplicas")}/{o.Number("spec", "replicas") ?? 0}"),
            new("Up-to-date", o => Status(o, "updatedReplicas"), Type: "integer"), new("Available", o => Status(o, "availableReplicas"), Type: "integer"),
            Age, Containers, Images, Selector,
        ],
        [ResourceTypes.ReplicaSets] =
        [
            Name, new("Desired", o => o.Number("spec", "replicas") ?? 0, Type: "integer"), new("Current", o => Status(o, "replicas"), Type: "integer"),
            new("Ready", o => Status(o, "readyReplicas"), Type: "integer"), Age, Containers, Images, Selector,
        ],
        [ResourceTypes.StatefulSets] =
            [Name, new("Ready", o => $"{Status(o, "readyReplicas")}/{o.Number("spec", "replicas") ?? 0}"), Age, Containers, Images],
        [ResourceTypes.DaemonSets] =
        [
            Name, new("Desired", o => Status(o, "desiredNumberScheduled"), Type: "integer"), new("Current", o => Status(o, "currentNumberScheduled"), Type: "integer"),
            new("Ready", o => Status(o, "numberReady"), Type: "integer"), new("Up-to-date", o => Status(o, "updatedNumberScheduled"), Type: "integer"),
            new("Available", o => Status(o, "numberAvailable"), Type: "integer"), new("Node Selector", o => Labels(o.At("spec", "template", "spec", "nodeSelector"))),
            Age, Containers, Images, Selector,
        ],
        [ResourceTypes.ControllerRevisions] =
        [
            Name, new("Controller", o => Owner(o)), new("Revision", o => o.Number("revision"), Type: "integer"), Age,
        ],
        [ResourceTypes.Services] =
        [
            Name, new("Type", o => o.Text("spec", "type")), new("Cluster-IP", o => OrNone(o.Text("spec", "clusterIP"))),
            new("External-IP", o => o.Text("spec", "externalName") is { Length: > 0 } n ? n : o.Text("spec", "type") == "LoadBalancer" ? "<pending>" : "<none>"),
            new("Port(s)", o => ServicePorts(o)), Age, Selector,
        ],
        [ResourceTypes.Endpoints] = [Name, new("Endpoints", o => EndpointAddresses(o)), Age],
        [ResourceTypes.EndpointSlices] =
        [
            Name, new("AddressType", o => o.Text("addressType")),
            new("Ports", o => Joined(o.Objects("ports").Select(p => p.Number("port")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*"), "<unset>")),
            new("Endpoints", o => Joined(o.Objects("endpoints").SelectMany(e => (e["addresses"] as JsonArray ?? []).Select(a => (string?)a ?? "")), "<unset>")), Age,
        ],
        [ResourceTypes.ConfigMaps] = [Name, Data, Age],
        [ResourceTypes.Secrets] = [Name, new("Type", o => o.Text("type")), Data, Age],
        [ResourceTypes.ServiceAccounts] = [Name, Age],
        [ResourceTypes.PersistentVolumeClaims] =
        [
            Name, new("Status", o => o.At("metadata", "deletionTimestamp") is null ? o.Text("status", "phase") : "Terminating"),
            new("Volume", o => o.Text("spec", "volumeName") ?? ""), new("Capacity", o => o.Text("status", "capacity", "storage") ?? ""),
            new("Access Modes", o => Modes(o.At("status", "accessModes"))), new("StorageClass", o => o.Text("spec", "storageClassName") ?? ""),
            new("VolumeAttributesClass", o => o.Text("spec", "volumeAttributesClassName") ?? "<unset>"), Age,
            new("VolumeMode", o => o.Text("spec", "volumeMode") ?? "<unset>", Wide: true),
        ],
        [ResourceTypes.PersistentVolumes] =
        [
            Name, new("Capacity", o => o.Text("spec", "capacity", "storage") ?? ""), new("Access Modes", o => Modes(o.At("spec", "accessModes"))),
            new("Reclaim Policy", o => o.Text("spec", "persistentVolumeReclaimPolicy")), new("Status", o => o.Text("status", "phase")),
            new("Claim", o => o.At("spec", "claimRef") is { } c ? $"{c.Text("namespace")}/{c.Text("name")}" : ""),
            new("StorageClass", o => o.Text("spec", "storageClassName") ?? ""), new("VolumeAttributesClass", o => "<unset>"),
            new("Reason", o => o.Text("status", "reason") ?? ""), Age, new("VolumeMode", o => o.Text("spec", "volumeMode") ?? "<unset>", Wide: true),
        ],
        [ResourceTypes.Nodes] =
        [
            Name, new("Status", o => NodeStatus(o)), new("Roles", o => "<none>"), Age, new("Version", o => o.Text("status", "nodeInfo", "kubeletVersion")),
            new("Internal-IP", o => NodeAddress(o), Wide: true), new("External-IP", o => "<none>", Wide: true),
            new("OS-Image", o => o.Text("status", "nodeInfo", "osImage"), Wide: true), new("Kernel-Version", o => o.Text("status", "nodeInfo", "kernelVersion"), Wide: true),
            new("Container-Runtime", o => o.Text("status", "nodeInfo", "containerRuntimeVersion"), Wide: true),
        ],
        [ResourceTypes.Events] =
        [
            new("Last Seen", o => Cells.Age(o.Text("series", "lastObservedTime") ?? o.Text("lastTimestamp") ?? o.Text("eventTime") ?? o.Text("metadata", "creationTimestamp"))),
            new("Type", o => o.Text("type")), new("Reason", o => o.Text("reason")),
            new("Object", o => $"{o.Text("involvedObject", "kind")?.ToLowerInvariant()}/{o.Text("involvedObject", "name")}"),
            new("Subobject", o => o.Text("involvedObject", "fieldPath") ?? "", Wide: true), new("Source", o => o.Text("source", "component") ?? "", Wide: true),
            new("Message", o => o.Text("message")?.Trim()), new("First Seen", o => Cells.Age(o.Text("firstTimestamp")), Wide: true),
            new("Count", o => o.Number("count") ?? 1, Wide: true, Type: "integer"), new("Name", o => o.Text("metadata", "name"), Wide: true),
        ],
        [ResourceTypes.Leases] = [Name, new("Holder", o => o.Text("spec", "holderIdentity") ?? ""), Age],
        [ResourceTypes.NetworkPolicies] = [Name, new("Pod-Selector", o => Labels(o.At("spec", "podSelector"))), Age],
        [ResourceTypes.PodDisruptionBudgets] =
        [
            Name, new("Min Available", o => o.At("spec", "minAvailable")?.ToString() ?? "N/A"), new("Max Unavailable", o => o.At("spec", "maxUnavailable")?.ToString() ?? "N/A"),
            new("Allowed Disruptions", o => Status(o, "disruptionsAllowed"), Type: "integer"), Age,
        ],
        [ResourceTypes.ResourceQuotas] = [Name, new("Request", o => QuotaUse(o, limits: false)), new("Limit", o => QuotaUse(o, limits: true)), Age],
        [ResourceTypes.LimitRanges] = [Name, Created],
        [ResourceTypes.Roles] = [Name, Created],
        [ResourceTypes.ClusterRoles] = [Name, Created],
        [ResourceTypes.RoleBindings] = [Name, new("Role", o => Role(o)), Age],
        [ResourceTypes.ClusterRoleBindings] = [Name, new("Role", o => Role(o)), Age],
        [ResourceTypes.StorageClasses] =
        [
            Name, new("Provisioner", o => o.Text("provisioner")), new("ReclaimPolicy", o => o.Text("reclaimPolicy")),
            new("VolumeBindingMode", o => o.Text("volumeBindingMode")), new("AllowVolumeExpansion", o => o.Flag("allowVolumeExpansion") ?? false), Age,
        ],
        [ResourceTypes.PriorityClasses] =
        [
            Name, new("Value", o => o.Number("value"), Type: "integer"), new("Global-Default", o => o.Flag("globalDefault") ?? false), Age,
            new("PreemptionPolicy", o => o.Text("preemptionPolicy")),
        ],
    };

    public static IReadOnlyList<TableColumn> Of(ResourceType type) => ByType.GetValueOrDefault(type, [Name, Age]);

    private static string Role(JsonObject binding) => $"{binding.Text("roleRef", "kind")}/{binding.Text("roleRef", "name")}";

    private static string Owner(JsonObject obj) =>
        obj.Objects("metadata", "ownerReferences").FirstOrDefault(r => r.Flag("controller") == true) is { } r
            ? $"{r.Text("kind")?.ToLowerInvariant()}.{r.Text("apiVersion")?.Split('/')[0]}/{r.Text("name")}"
            : "<none>";

    private static string Names(JsonObject workload, string field) =>
        string.Join(",", workload.Objects("spec", "template", "spec", "containers").Select(c => c.Text(field)));
}
