using System.ComponentModel.DataAnnotations;

namespace Workspaces.Injector.Preflight;

/// <summary>Who the owner of a workspace is to Kubernetes. Configuration section <c>Injection:Requester</c>.</summary>
public sealed class RequesterOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Injection:Requester";

    /// <summary>Kubernetes user of an owner; <c>{name}</c> and <c>{email}</c> stand for the owner's.</summary>
    [Required]
    public string User { get; set; } = "{name}";

    /// <summary>Kubernetes group for each group of an owner; <c>{group}</c> stands for it.</summary>
    [Required]
    public string Group { get; set; } = "{group}";

    /// <summary>Groups that an owner, by name, has besides.</summary>
    public Dictionary<string, List<string>> ExtraGroups { get; } = [];
}
