using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>A kind of which only some defaults need saying.</summary>
internal sealed class DefaultsOnly(Action<JsonObject> defaults, Func<string, string?>? wrongName = null) : KindRules
{
    public override void Default(JsonObject obj) => defaults(obj);

    public override string? WrongName(string name) => wrongName is null ? base.WrongName(name) : wrongName(name);
}
