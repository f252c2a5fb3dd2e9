using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Blueprints.Schema;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>What one value alone cannot tell: rules between the parts of a resolved blueprint.</summary>
public static class BlueprintChecks
{
    /// <summary>A ConfigMap takes 1 MiB; this leaves room for its names and the banner.</summary>
    private const int MaxFileBytes = 768 * 1024;

    /// <summary>Everything that does not fit together: the key (dots between levels) and what is wrong.</summary>
    public static IEnumerable<(string Key, string Message)> Check(Blueprint blueprint) =>
    [
        .. Image(blueprint),
        .. Storage(blueprint),
        .. Resources("resources", blueprint.Resources),
        .. Resources("podman.resources", blueprint.Podman?.Resources),
        .. Files(blueprint),
        .. Lists(blueprint),
        .. Lifetime(blueprint.Lifetime),
    ];

    private static IEnumerable<(string, string)> Image(Blueprint blueprint)
    {
        if (blueprint.Image is null)
        {
            yield return ("image", "A blueprint that is not abstract needs an image, its own or its parent's");
        }

        if (blueprint.Podman is { Enabled: true, Image: null })
        {
            yield return ("podman", "podman.enabled needs podman.image");
        }
    }

    private static IEnumerable<(string, string)> Storage(Blueprint blueprint)
    {
        var paths = new Dictionary<string, string>();
        foreach (var (name, storage) in blueprint.Storage ?? new Dictionary<string, BlueprintStorage>())
        {
            var key = $"storage.{name}";
            if (!paths.TryAdd(storage.Path.TrimEnd('/'), name))
            {
                yield return ($"{key}.path", $"{storage.Path} is already the path of storage '{paths[storage.Path.TrimEnd('/')]}'");
            }

            foreach (var problem in StorageFields(key, storage))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<(string, string)> StorageFields(string key, BlueprintStorage storage)
    {
        var volume = storage.Type is BlueprintStorageType.Volume;
        var claim = storage.Type is BlueprintStorageType.Claim;
        var type = $"{char.ToLowerInvariant(storage.Type.ToString()[0])}{storage.Type.ToString()[1..]}";
        if (volume && storage.Size is null)
        {
            yield return (key, "a volume needs 'size', for example 10Gi");
        }

        if (claim && storage.Claim is null)
        {
            yield return (key, "storage of type claim needs 'claim', the name of an existing claim");
        }

        var misplaced = new (string Field, bool Set, bool Allowed, string Hint)[]
        {
            ("size", storage.Size is not null, volume, claim ? "" : "; write 'sizeLimit'"),
            ("storageClass", storage.StorageClass is not null, volume, ""),
            ("accessModes", storage.AccessModes is not null, volume, ""),
            ("retain", storage.Retain is not null, volume, ""),
            ("claim", storage.Claim is not null, claim, ""),
            ("sizeLimit", storage.SizeLimit is not null, !volume && !claim, volume ? "; write 'size'" : ""),
        };
        foreach (var (field, _, _, hint) in misplaced.Where(rule => rule.Set && !rule.Allowed))
        {
            yield return ($"{key}.{field}", $"storage of type {type} has no '{field}'{hint}");
        }
    }

    private static IEnumerable<(string, string)> Resources(string key, BlueprintResources? resources)
    {
        foreach (var (name, request) in resources?.Requests ?? new Dictionary<string, string>())
        {
            if (resources!.Limits?.GetValueOrDefault(name) is { } limit
                && Quantity.TryParse(request, out var wanted) && Quantity.TryParse(limit, out var most) && wanted > most)
            {
                yield return ($"{key}.requests.{name}", $"the request of {request} {name} is above the limit of {limit}");
            }
        }
    }

    private static IEnumerable<(string, string)> Files(Blueprint blueprint)
    {
        var bytes = (blueprint.Files ?? new Dictionary<string, BlueprintFile>()).Values
            .Sum(file => System.Text.Encoding.UTF8.GetByteCount(file.Content));
        if (bytes > MaxFileBytes)
        {
            yield return ("files", $"files hold {bytes} bytes together; {MaxFileBytes} fit into their ConfigMap");
        }
    }

    private static IEnumerable<(string, string)> Lists(Blueprint blueprint)
    {
        foreach (var group in (blueprint.InitScripts ?? []).GroupBy(script => script.Name).Where(group => group.Count() > 1))
        {
            yield return ("initScripts", $"{group.Count()} init scripts are named '{group.Key}'");
        }

        foreach (var group in (blueprint.Apps ?? new Dictionary<string, BlueprintApp>()).GroupBy(app => app.Value.Port).Where(group => group.Count() > 1))
        {
            yield return ($"apps.{group.Last().Key}.port", $"port {group.Key} is already taken by app '{group.First().Key}'");
        }
    }

    private static IEnumerable<(string, string)> Lifetime(BlueprintLifetime? lifetime)
    {
        if (lifetime is { Ttl: { } ttl, MaxTtl: { } maxTtl }
            && Duration.TryParse(ttl, out var wanted) && Duration.TryParse(maxTtl, out var most) && wanted > most)
        {
            yield return ("lifetime.ttl", $"ttl {ttl} is longer than maxTtl {maxTtl}");
        }
    }
}
