using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>ControllerRevisions: a number and data that never changes.</summary>
internal sealed class ControllerRevisionRules : KindRules
{
    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        if (obj.Number("revision") is < 0 and var revision)
        {
            errors.Add(FieldError.Invalid("revision", $"{revision}", "must be greater than or equal to 0"));
        }

        if (obj["data"] is null)
        {
            errors.Add(FieldError.Required("data", "data is mandatory"));
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(obj["data"], old["data"]))
        {
            errors.Add(FieldError.Invalid("data", GoStructs.Any(obj["data"]), "field is immutable"));
        }
    }
}
