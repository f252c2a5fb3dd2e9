using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Only volumes that the cluster makes or has agreed to.</summary>
internal sealed class RestrictedVolumesCheck() : SecurityCheck("restrictedVolumes", PolicyLevel.Restricted)
{
    private static readonly HashSet<string> Allowed =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

    private static readonly string[] Restricted =
    [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder", "cephfs", "flocker", "fc",
        "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "portworxVolume", "scaleIO", "storageos",
    ];

    public override string? Replaces => "hostPathVolumes";

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = pod.Spec.Objects("volumes").Where(v => !v.Any(p => p.Value is not null && Allowed.Contains(p.Key))).ToList();
        var types = Words.Sorted(bad.Select(v => Restricted.FirstOrDefault(t => v[t] is not null) ?? "unknown"));
        return bad.Count == 0 ? null : new Violation(
            "restricted volume types",
            $"{Words.Plural("volume", "volumes", bad.Count)} {Words.Quoted(bad.Select(v => v.Text("name") ?? ""))} {Words.Plural("uses", "use", bad.Count)} "
            + $"{Words.Plural("restricted volume type", "restricted volume types", types.Count)} {Words.Quoted(types)}");
    }
}
