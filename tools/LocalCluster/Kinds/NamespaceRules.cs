using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Namespaces carry their name as a label and the finalizer that empties them.</summary>
internal sealed class NamespaceRules : KindRules
{
    public override void Default(JsonObject obj)
    {
        if (obj.Text("metadata", "name") is { } name)
        {
            obj.Ensure("metadata").Ensure("labels")["kubernetes.io/metadata.name"] = name;
        }
    }

    public override void PrepareCreate(JsonObject obj, KindContext context)
    {
        obj.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
        obj["status"] = new JsonObject { ["phase"] = "Active" };
    }

    public override void PrepareUpdate(JsonObject obj, JsonObject old, KindContext context) => obj["spec"] = old["spec"]?.DeepClone();

    public override string? WrongName(string name) => Names.WrongLabel(name);
}
