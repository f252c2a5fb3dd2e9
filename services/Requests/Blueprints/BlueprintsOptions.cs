namespace Workspaces.Requests.Blueprints;

/// <summary>Configuration section <c>Blueprints</c>.</summary>
public sealed class BlueprintsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Blueprints";

    /// <summary>Folder that holds the blueprints, one <c>*.yaml</c> or <c>*.yml</c> file each.</summary>
    public string Folder { get; set; } = "blueprints";
}
