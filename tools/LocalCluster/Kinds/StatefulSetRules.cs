using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>StatefulSets.</summary>
internal sealed class StatefulSetRules : WorkloadRules
{
    private const string UpdateRefusal =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
        + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] Policies = ["OrderedReady", "Parallel"];
    private static readonly string[] Strategies = ["OnDelete", "RollingUpdate"];
    private static readonly string[] Changeable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(Fixed(obj), Fixed(old)))
        {
            errors.Add(FieldError.Forbidden("spec", UpdateRefusal));
        }
    }

    protected override void DefaultWorkload(JsonObject spec)
    {
        spec.SetDefault("podManagementPolicy", "OrderedReady");
        spec.SetDefault("replicas", 1L);
        spec.SetDefault("revisionHistoryLimit", 10L);
        var strategy = spec.Ensure("updateStrategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.SetDefault("partition", 0L);
            rolling.Remove("maxUnavailable"); // of a feature that is off unless a cluster's operator turns it on
        }

        var retention = spec.Ensure("persistentVolumeClaimRetentionPolicy");
        retention.SetDefault("whenDeleted", "Retain");
        retention.SetDefault("whenScaled", "Retain");
        foreach (var claim in spec.Objects("volumeClaimTemplates"))
        {
            claim["apiVersion"] = "v1";
            claim["kind"] = "PersistentVolumeClaim";
            claim.Ensure("spec").SetDefault("volumeMode", "Filesystem");
            claim.Ensure("status").SetDefault("phase", "Pending");
        }
    }

    protected override void ValidateWorkload(JsonObject spec, List<FieldError> errors)
    {
        PodValidation.OneOf(spec, "spec", "podManagementPolicy", Policies, errors);
        PodValidation.OneOf(spec["updateStrategy"]!.AsObject(), "spec.updateStrategy", "type", Strategies, errors);
        if (spec.Number("updateStrategy", "rollingUpdate", "partition") is < 0 and var partition)
        {
            errors.Add(FieldError.Invalid("spec.updateStrategy.rollingUpdate.partition", $"{partition}", "must be greater than or equal to 0"));
        }
    }

    /// <summary>Each claim template becomes a volume of its name, in the place of one that the template has.</summary>
    protected override JsonObject WithOwnVolumes(JsonObject spec, JsonObject podSpec)
    {
        var claims = spec.Objects("volumeClaimTemplates").Select(claim => claim.Text("metadata", "name") ?? "").ToList();
        if (claims.Count == 0)
        {
            return podSpec;
        }

        var result = podSpec.DeepClone().AsObject();
        var volumes = new JsonArray([.. podSpec.Objects("volumes").Where(volume => !claims.Contains(volume.Text("name") ?? "")).Select(volume => volume.DeepClone())]);
        foreach (var claim in claims)
        {
            volumes.Add(new JsonObject { ["name"] = claim, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } });
        }

        result["volumes"] = volumes;
        return result;
    }

    private static JsonObject Fixed(JsonObject obj)
    {
        var spec = obj["spec"]!.DeepClone().AsObject();
        foreach (var field in Changeable)
        {
            spec.Remove(field);
        }

        return spec;
    }
}
