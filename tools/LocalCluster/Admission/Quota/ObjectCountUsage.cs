using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>Kinds of which only the number counts; some have an older, shorter name for it.</summary>
internal sealed class ObjectCountUsage(ResourceType type, string? alias = null) : UsageRules(type)
{
    public override bool Handles(AdmissionRequest request) => request.IsCreate && request.Subresource is null;

    public override bool Counts(string resource) => resource == CountName || resource == alias;

    public override Amounts Usage(JsonObject obj, DateTimeOffset now)
    {
        var usage = new Amounts { [CountName] = Quantity.One };
        if (alias is not null)
        {
            usage[alias] = Quantity.One;
        }

        return usage;
    }
}
