using Workspaces.Contracts.Blueprints;

namespace Workspaces.Injector.Planning;

/// <summary>
/// What is left of a blueprint without the parts that injection does not have. The API lists them under <c>ignored</c>; the workspace works
/// without. Pure.
/// </summary>
internal static class InjectableBlueprint
{
    public static Blueprint Of(Blueprint blueprint, string owner) => blueprint with
    {
        Podman = null,
        Network = null,
        Scheduling = null,
        Storage = (blueprint.Storage ?? new Dictionary<string, BlueprintStorage>())
            .Where(entry => !IsSharedByReplicas(entry.Value, Home(blueprint, owner)))
            .ToDictionary(entry => entry.Key, entry => entry.Value),
    };

    /// <summary>Replicas would share one volume.</summary>
    private static bool IsSharedByReplicas(BlueprintStorage storage, string home)
    {
        var path = storage.Path.TrimEnd('/');
        return storage.Type == BlueprintStorageType.Volume
            && (storage.AccessModes is null || storage.AccessModes.Any(mode => mode is "ReadWriteOnce" or "ReadWriteOncePod")
                || path == home || path.StartsWith(home + "/", StringComparison.Ordinal));
    }

    private static string Home(Blueprint blueprint, string owner) =>
        (blueprint.User?.Name ?? owner) is var user && user == "root" ? "/root" : $"/home/{user}";
}
