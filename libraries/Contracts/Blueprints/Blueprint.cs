using System.Text.Json.Nodes;

namespace Workspaces.Contracts.Blueprints;

/// <summary>
/// What a workspace is made from. In events it is always the resolved form: inheritance, parameters and interpolation are done,
/// so <see cref="Extends"/>, <see cref="Abstract"/> and <see cref="Parameters"/> are absent there.
/// </summary>
public sealed record Blueprint
{
    /// <summary>DNS label, at most 40 characters.</summary>
    public required string Name { get; init; }

    /// <summary>One line for a person who chooses.</summary>
    public string? Description { get; init; }

    /// <summary>Name of the parent; only before resolving.</summary>
    public string? Extends { get; init; }

    /// <summary>Whether it exists only to be extended; only before resolving.</summary>
    public bool? Abstract { get; init; }

    /// <summary>What a request may set; only before resolving.</summary>
    public IReadOnlyDictionary<string, BlueprintParameter>? Parameters { get; init; }

    /// <summary>Container image of the workspace.</summary>
    public string? Image { get; init; }

    /// <summary><c>Always</c>, <c>IfNotPresent</c> or <c>Never</c>, as in a Kubernetes container.</summary>
    public string? ImagePullPolicy { get; init; }

    /// <summary>Names of existing pull secrets.</summary>
    public IReadOnlyList<string>? ImagePullSecrets { get; init; }

    /// <summary>Text shown at login.</summary>
    public string? Banner { get; init; }

    /// <summary>Environment variables of the workspace container and its sessions.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>The login user.</summary>
    public BlueprintUser? User { get; init; }

    /// <summary>Requests and limits, Kubernetes quantities.</summary>
    public BlueprintResources? Resources { get; init; }

    /// <summary>A Kubernetes <c>SecurityContext</c>, passed through as it is.</summary>
    public JsonObject? SecurityContext { get; init; }

    /// <summary>Volumes by name.</summary>
    public IReadOnlyDictionary<string, BlueprintStorage>? Storage { get; init; }

    /// <summary>Small files by absolute path.</summary>
    public IReadOnlyDictionary<string, BlueprintFile>? Files { get; init; }

    /// <summary>Existing Kubernetes Secrets, mounted as files or taken as environment, by a name of the blueprint's own.</summary>
    public IReadOnlyDictionary<string, BlueprintSecret>? Secrets { get; init; }

    /// <summary>Network policy; standalone only.</summary>
    public BlueprintNetwork? Network { get; init; }

    /// <summary>Podman sidecar; standalone only.</summary>
    public BlueprintPodman? Podman { get; init; }

    /// <summary>Scripts that run once per home volume, in order, as the login user.</summary>
    public IReadOnlyList<BlueprintInitScript>? InitScripts { get; init; }

    /// <summary>Supervised programs, by name.</summary>
    public IReadOnlyDictionary<string, BlueprintApp>? Apps { get; init; }

    /// <summary>Where the pod may run; standalone only.</summary>
    public BlueprintScheduling? Scheduling { get; init; }

    /// <summary>How long the workspace lives.</summary>
    public BlueprintLifetime? Lifetime { get; init; }
}
