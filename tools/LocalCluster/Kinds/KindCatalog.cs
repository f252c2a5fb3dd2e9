using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Which rules go with which type.</summary>
internal static class KindCatalog
{
    private static readonly KindRules Plain = new();

    private static readonly Dictionary<ResourceType, KindRules> Rules = new()
    {
        [ResourceTypes.Namespaces] = new NamespaceRules(),
        [ResourceTypes.Services] = new ServiceRules(),
    };

    public static KindRules Of(ResourceType type) => Rules.GetValueOrDefault(type, Plain);
}
