using System.Text.Json.Nodes;

namespace Workspaces.Contracts.Blueprints;

/// <summary>Something a request may set.</summary>
public sealed record BlueprintParameter
{
    /// <summary>Value where the request sets none; a parameter without one is required.</summary>
    public string? Default { get; init; }

    /// <summary>The values that are accepted; absent: any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>One line for a person who chooses.</summary>
    public string? Description { get; init; }
}

/// <summary>The login user inside the workspace.</summary>
public sealed record BlueprintUser
{
    /// <summary>POSIX user name.</summary>
    public string? Name { get; init; }

    /// <summary>POSIX user id.</summary>
    public int? Uid { get; init; }

    /// <summary>POSIX group id.</summary>
    public int? Gid { get; init; }

    /// <summary>Absolute path of the login shell; absent: bash, else sh, else the toolkit's.</summary>
    public string? Shell { get; init; }

    /// <summary>Whether the user may become root without a password, where the image has sudo.</summary>
    public bool? Sudo { get; init; }
}

/// <summary>Requests and limits by resource name; values are Kubernetes quantities (<c>250m</c>, <c>4Gi</c>).</summary>
public sealed record BlueprintResources
{
    /// <summary>What the scheduler sets aside.</summary>
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>What the container may not exceed.</summary>
    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}

/// <summary>A volume of the workspace.</summary>
public sealed record BlueprintStorage
{
    /// <summary>Where the bytes live.</summary>
    public required BlueprintStorageType Type { get; init; }

    /// <summary>Absolute mount path.</summary>
    public required string Path { get; init; }

    /// <summary><see cref="BlueprintStorageType.Volume"/>: size, a Kubernetes quantity.</summary>
    public string? Size { get; init; }

    /// <summary><see cref="BlueprintStorageType.Volume"/>: storage class; absent: the cluster's default.</summary>
    public string? StorageClass { get; init; }

    /// <summary><see cref="BlueprintStorageType.Volume"/>: access modes; absent: <c>ReadWriteOnce</c>.</summary>
    public IReadOnlyList<string>? AccessModes { get; init; }

    /// <summary><see cref="BlueprintStorageType.Volume"/>: whether the volume outlives the workspace.</summary>
    public bool? Retain { get; init; }

    /// <summary><see cref="BlueprintStorageType.Claim"/>: name of an existing claim.</summary>
    public string? Claim { get; init; }

    /// <summary><see cref="BlueprintStorageType.EmptyDir"/> and <see cref="BlueprintStorageType.Memory"/>: upper limit.</summary>
    public string? SizeLimit { get; init; }

    /// <summary>Whether the mount is read-only.</summary>
    public bool? ReadOnly { get; init; }
}

/// <summary>A small file, kept in a ConfigMap.</summary>
public sealed record BlueprintFile
{
    /// <summary>Content, UTF-8.</summary>
    public required string Content { get; init; }

    /// <summary>POSIX mode in octal, for example <c>0644</c>.</summary>
    public string? Mode { get; init; }
}

/// <summary>An existing Kubernetes Secret.</summary>
public sealed record BlueprintSecret
{
    /// <summary>Name of the Secret in the workspace's namespace.</summary>
    public required string Secret { get; init; }

    /// <summary>Absolute folder to mount its keys in; absent: they become environment variables.</summary>
    public string? Path { get; init; }
}

/// <summary>What a standalone workspace may reach.</summary>
public sealed record BlueprintNetwork
{
    /// <summary>Class of isolation.</summary>
    public BlueprintNetworkClass? Class { get; init; }

    /// <summary>Allowed destinations.</summary>
    public BlueprintEgress? Egress { get; init; }
}

/// <summary>Allowed destinations of a standalone workspace.</summary>
public sealed record BlueprintEgress
{
    /// <summary>IP ranges, CIDR notation.</summary>
    public IReadOnlyList<string>? Cidrs { get; init; }

    /// <summary>Pods by labels, in any namespace.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Pods { get; init; }

    /// <summary>Whether name resolution is allowed; absent: yes.</summary>
    public bool? Dns { get; init; }
}

/// <summary>The Podman sidecar.</summary>
public sealed record BlueprintPodman
{
    /// <summary>Whether there is one.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Its image.</summary>
    public string? Image { get; init; }

    /// <summary>Its resources.</summary>
    public BlueprintResources? Resources { get; init; }

    /// <summary>Its image store; absent: ephemeral.</summary>
    public BlueprintPodmanStorage? Storage { get; init; }

    /// <summary>Whether the workspace sees it as <c>/var/run/docker.sock</c>.</summary>
    public bool? DockerSocket { get; init; }
}

/// <summary>Image store of the Podman sidecar.</summary>
/// <param name="Size">Size, a Kubernetes quantity.</param>
public sealed record BlueprintPodmanStorage(string Size);

/// <summary>A script that runs once per home volume.</summary>
public sealed record BlueprintInitScript
{
    /// <summary>Name, a DNS label.</summary>
    public required string Name { get; init; }

    /// <summary>What the shell runs.</summary>
    public required string Run { get; init; }
}

/// <summary>A supervised program that is reachable through the Proxy.</summary>
public sealed record BlueprintApp
{
    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>TCP port on localhost.</summary>
    public required int Port { get; init; }

    /// <summary><c>http</c> (default) or <c>tcp</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary><c>always</c> (default), <c>on-failure</c> or <c>never</c>.</summary>
    public string? Restart { get; init; }

    /// <summary>Environment of its own.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }
}

/// <summary>Where the pod may run, as in a Kubernetes PodSpec.</summary>
public sealed record BlueprintScheduling
{
    /// <summary>Labels a node must have.</summary>
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Kubernetes tolerations, passed through as they are.</summary>
    public JsonArray? Tolerations { get; init; }

    /// <summary>Name of a PriorityClass.</summary>
    public string? PriorityClassName { get; init; }
}

/// <summary>How long the workspace lives; durations as in <c>30m</c>, <c>12h</c>, <c>3d</c>.</summary>
public sealed record BlueprintLifetime
{
    /// <summary>Time until it is deleted; absent: for ever.</summary>
    public string? Ttl { get; init; }

    /// <summary>Idle time until it is stopped; absent: never.</summary>
    public string? IdleStop { get; init; }

    /// <summary>Longest time to live that a request may ask for.</summary>
    public string? MaxTtl { get; init; }
}
