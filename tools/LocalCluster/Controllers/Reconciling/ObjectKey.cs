using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>Namespace and name of an object; the namespace is empty for cluster-scoped ones.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name)
{
    public static ObjectKey Of(JsonObject obj) => new((string?)obj["metadata"]?["namespace"] ?? "", (string)obj["metadata"]!["name"]!);

    public static ObjectKey Of(StoredObject stored) => new(stored.Namespace ?? "", stored.Name);

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
