using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>StorageClasses: who provisions, and how; fixed once made.</summary>
internal sealed class StorageClassRules : KindRules
{
    private static readonly string[] ReclaimPolicies = ["Delete", "Retain"];
    private static readonly string[] BindingModes = ["Immediate", "WaitForFirstConsumer"];

    public override void Default(JsonObject obj)
    {
        obj.SetDefault("reclaimPolicy", "Delete");
        obj.SetDefault("volumeBindingMode", "Immediate");
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var provisioner = obj.Text("provisioner") ?? "";
        if (provisioner.Length == 0)
        {
            errors.Add(FieldError.Required("provisioner"));
        }
        else
        {
            errors.AddRange(Names.QualifiedNameProblems(provisioner.ToLowerInvariant()).Select(p => FieldError.Invalid("provisioner", FieldError.Quote(provisioner), p)));
        }

        Known(obj, "reclaimPolicy", ReclaimPolicies, errors);
        Known(obj, "volumeBindingMode", BindingModes, errors);
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        foreach (var field in (string[])["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"])
        {
            if (!JsonNode.DeepEquals(obj[field], old[field]))
            {
                errors.Add(FieldError.Invalid(field, GoStructs.Any(obj[field]), "field is immutable"));
            }
        }
    }

    private static void Known(JsonObject obj, string field, string[] supported, List<FieldError> errors)
    {
        if (!supported.Contains(obj.Text(field)))
        {
            errors.Add(FieldError.NotSupported(field, FieldError.Quote(obj.Text(field)), supported));
        }
    }
}
