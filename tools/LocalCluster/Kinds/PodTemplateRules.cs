using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PodTemplates that stand on their own.</summary>
internal sealed class PodTemplateRules : KindRules
{
    public override void Default(JsonObject obj) => PodDefaults.OfSpec(obj.Ensure("template").Ensure("spec"));

    public override void Validate(JsonObject obj, List<FieldError> errors) => WorkloadRules.OfTemplate(obj["template"], "template", spec => spec, errors);
}
