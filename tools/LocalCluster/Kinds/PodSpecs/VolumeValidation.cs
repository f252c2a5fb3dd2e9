using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Volumes of a pod: their names, and where their content comes from.</summary>
internal static class VolumeValidation
{
    /// <summary>Kinds of volumes in the order in which the API server looks at them: the first that is set is the volume.</summary>
    private static readonly string[] Kinds =
    [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker", "persistentVolumeClaim",
        "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume",
        "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral", "image",
    ];

    private static readonly string[] HostPathTypes =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    /// <summary>Reports what is wrong, and returns the names of the volumes with which nothing is.</summary>
    public static HashSet<string> Check(JsonObject spec, string field, List<FieldError> errors)
    {
        var names = new HashSet<string>();
        var index = 0;
        foreach (var volume in spec.Objects("volumes"))
        {
            var at = $"{field}.volumes[{index++}]";
            var found = new List<FieldError>();
            Source(volume, at, found);
            Checks.Given(volume, "name", at, found);
            Checks.Name(volume, "name", at, Names.WrongLabel, found);
            var name = volume.Text("name") ?? "";
            if (names.Contains(name))
            {
                found.Add(FieldError.Duplicate($"{at}.name", FieldError.Quote(name)));
            }

            if (found.Count == 0)
            {
                names.Add(name);
            }

            errors.AddRange(found);
        }

        return names;
    }

    private static void Source(JsonObject volume, string at, List<FieldError> errors)
    {
        var given = Kinds.Where(k => volume[k] is JsonObject).ToList();
        errors.AddRange(given.Skip(1).Select(k => FieldError.Forbidden($"{at}.{k}", "may not specify more than 1 volume type")));
        if (given.Count == 0)
        {
            errors.Add(FieldError.Required(at, "must specify a volume type"));
            return;
        }

        var (source, field) = (volume[given[0]]!.AsObject(), $"{at}.{given[0]}");
        switch (given[0])
        {
            case "emptyDir":
                if (source.Text("sizeLimit") is { } limit && Quantity.TryParse(limit, out var size) && size < Quantity.Zero)
                {
                    errors.Add(FieldError.Forbidden($"{field}.sizeLimit", "SizeLimit field must be a valid resource quantity"));
                }

                break;
            case "hostPath":
                HostPath(source, field, errors);
                break;
            case "secret":
                Checks.Given(source, "secretName", field, errors);
                VolumeFiles.OfKeys(source, field, errors);
                break;
            case "configMap":
                Checks.Given(source, "name", field, errors);
                VolumeFiles.OfKeys(source, field, errors);
                break;
            case "nfs":
                Checks.Given(source, "server", field, errors);
                Checks.Given(source, "path", field, errors);
                if (source.Text("path") is { Length: > 0 } path && !path.StartsWith('/'))
                {
                    errors.Add(FieldError.Invalid($"{field}.path", FieldError.Quote(path), "must be an absolute path"));
                }

                break;
            case "persistentVolumeClaim":
                Checks.Given(source, "claimName", field, errors);
                break;
            case "downwardAPI":
                Checks.Mode(source, "defaultMode", field, errors);
                foreach (var item in source.Objects("items"))
                {
                    VolumeFiles.OfField(item, field, errors);
                }

                break;
            case "projected":
                ProjectedVolumes.Check(source, field, errors);
                break;
            case "csi":
                Checks.Given(source, "driver", field, errors);
                break;
            case "image":
                Checks.Given(source, "reference", field, errors);
                break;
            case "ephemeral":
                Ephemeral(source, field, errors);
                break;
        }
    }

    private static void HostPath(JsonObject source, string at, List<FieldError> errors)
    {
        Checks.Given(source, "path", at, errors);
        if (source.Text("path") is { Length: > 0 } path)
        {
            Checks.NoBacksteps(path, $"{at}.path", errors);
            Checks.Known(source, "type", at, HostPathTypes, errors);
        }
    }

    private static void Ephemeral(JsonObject source, string at, List<FieldError> errors)
    {
        if (source["volumeClaimTemplate"] is not JsonObject template)
        {
            errors.Add(FieldError.Required($"{at}.volumeClaimTemplate"));
            return;
        }

        ClaimRules.Spec(template["spec"] as JsonObject ?? [], $"{at}.volumeClaimTemplate.spec", errors);
    }
}
