using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints;

/// <summary>One blueprint of a set that has been checked: inheritance is done, parameters and interpolation are not.</summary>
public sealed record BlueprintTemplate
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>One line for a person who chooses.</summary>
    public string? Description { get; init; }

    /// <summary>Name of the parent.</summary>
    public string? Extends { get; init; }

    /// <summary>Whether it exists only to be extended.</summary>
    public required bool Abstract { get; init; }

    /// <summary>What a request may set.</summary>
    public required IReadOnlyDictionary<string, BlueprintParameter> Parameters { get; init; }

    /// <summary>Everything it says, merged over its ancestors.</summary>
    public required SourceMap Merged { get; init; }
}
