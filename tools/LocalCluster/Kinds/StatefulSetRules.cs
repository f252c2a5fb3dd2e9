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
    private static readonly string[] Retentions = ["Retain", "Delete"];
    private static readonly string[] Changeable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    protected override string SelectorWord => "statefulset";

    protected override string DeadlineWord => "StatefulSet";

    protected override bool WarnsOfName => false;

    public override void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        base.Warn(obj, old, warnings);
        var index = 0;
        foreach (var claim in obj.Objects("spec", "volumeClaimTemplates"))
        {
            ClaimRules.WarnOfSize(claim["spec"], $"spec.volumeClaimTemplates[{index++}].spec", warnings);
        }

        if (obj.Number("spec", "revisionHistoryLimit") < 0)
        {
            warnings.Add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
        }
    }

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

    protected override void ValidateFirst(JsonObject spec, List<FieldError> errors)
    {
        Checks.Given(spec, "podManagementPolicy", "spec", errors);
        if (spec.Text("podManagementPolicy") is { Length: > 0 } policy && !Policies.Contains(policy))
        {
            errors.Add(FieldError.Invalid("spec.podManagementPolicy", FieldError.Quote(policy), "must be 'OrderedReady' or 'Parallel'"));
        }

        Strategy(spec["updateStrategy"]!.AsObject(), "spec.updateStrategy", errors);
        foreach (var when in (string[])["whenDeleted", "whenScaled"])
        {
            Checks.Known(spec["persistentVolumeClaimRetentionPolicy"], when, "spec.persistentVolumeClaimRetentionPolicy", Retentions, errors);
        }

        var index = 0;
        foreach (var claim in spec.Objects("volumeClaimTemplates"))
        {
            ClaimRules.Spec(claim["spec"] as JsonObject ?? [], $"spec.volumeClaimTemplates[{index++}].spec", errors);
        }

        Checks.NotNegative(spec, "replicas", "spec", errors);
        Checks.NotNegative(spec, "minReadySeconds", "spec", errors);
        Checks.NotNegative(spec["ordinals"], "start", "spec.ordinals", errors);
        Checks.Name(spec, "serviceName", "spec", Names.WrongLabel, errors);
    }

    protected override bool WrongSelector(JsonObject selector, List<FieldError> errors)
    {
        errors.Add(FieldError.Invalid("spec.selector", GoStructs.Selector(selector), ""));
        return false;
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

    private static void Strategy(JsonObject strategy, string at, List<FieldError> errors)
    {
        var rolling = strategy["rollingUpdate"];
        switch (strategy.Text("type"))
        {
            case "OnDelete":
                if (rolling is not null)
                {
                    errors.Add(FieldError.Invalid($"{at}.rollingUpdate", GoStructs.PartitionUpdate(rolling), "only allowed for updateStrategy 'RollingUpdate'"));
                }

                break;
            case "RollingUpdate":
                Checks.NotNegative(rolling, "partition", $"{at}.rollingUpdate", errors);
                break;
            default:
                errors.Add(FieldError.Invalid(at, GoStructs.Strategy(strategy, GoStructs.PartitionUpdate), "must be 'RollingUpdate' or 'OnDelete'"));
                break;
        }
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
