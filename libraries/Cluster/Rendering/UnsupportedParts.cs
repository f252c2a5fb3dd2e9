using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>Finds what a blueprint asks for and this version does not offer, so that it is refused instead of left out silently.</summary>
public static class UnsupportedParts
{
    /// <summary>One sentence per part that cannot be had in a standalone workspace; empty where everything can.</summary>
    public static IReadOnlyList<string> InStandalone(Blueprint blueprint) =>
        blueprint.Podman?.Enabled == true
            ? ["The Podman sidecar ('podman') is not offered yet; leave it out or set 'enabled: false'.", .. Find(blueprint)]
            : [.. Find(blueprint)];

    /// <summary>The same for an injected workspace, of what is left of the blueprint without the parts that injection ignores.</summary>
    public static IReadOnlyList<string> InInjection(Blueprint blueprint) =>
    [
        .. Find(blueprint),
        .. (blueprint.Storage ?? new Dictionary<string, BlueprintStorage>()).Where(entry => entry.Value.Type == BlueprintStorageType.Volume).Select(entry =>
            $"Storage '{entry.Key}' would be a volume of the workspace's own, shared by all replicas, which is not offered; make a claim that "
            + "several pods can mount, and use 'type: claim'."),
    ];

    private static IEnumerable<string> Find(Blueprint blueprint)
    {
        if (string.IsNullOrWhiteSpace(blueprint.Image))
        {
            yield return $"Blueprint '{blueprint.Name}' names no image; set 'image'.";
        }

        if (blueprint.InitScripts is { Count: > 0 })
        {
            yield return "Init scripts ('initScripts') are not offered yet; leave them out.";
        }

        if (blueprint.Apps is { Count: > 0 })
        {
            yield return "Apps ('apps') are not offered yet; leave them out.";
        }

        foreach (var (name, storage) in blueprint.Storage ?? new Dictionary<string, BlueprintStorage>())
        {
            if (storage is { Type: BlueprintStorageType.Volume, Size: null or "" })
            {
                yield return $"Storage '{name}' has no size; set 'size'.";
            }

            if (storage is { Type: BlueprintStorageType.Claim, Claim: null or "" })
            {
                yield return $"Storage '{name}' names no claim; set 'claim'.";
            }
        }

        foreach (var name in (blueprint.Env ?? new Dictionary<string, string>()).Keys)
        {
            if (name.StartsWith(EnvironmentRenderer.ReservedPrefix, StringComparison.Ordinal))
            {
                yield return $"Environment variable '{name}' is reserved; choose a name that does not begin with {EnvironmentRenderer.ReservedPrefix}.";
            }
        }

        foreach (var (path, file) in blueprint.Files ?? new Dictionary<string, BlueprintFile>())
        {
            if (file.Mode is { Length: > 0 } mode && (mode.Length > 4 || mode.Any(digit => digit is < '0' or > '7')))
            {
                yield return $"File '{path}' has mode '{mode}'; write an octal mode such as 0644.";
            }
        }
    }
}
