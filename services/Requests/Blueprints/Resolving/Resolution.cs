using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>What came of resolving a blueprint for one request: either <see cref="Blueprint"/> or <see cref="Refusal"/>.</summary>
public sealed record Resolution
{
    /// <summary>The resolved blueprint.</summary>
    public Blueprint? Blueprint { get; init; }

    /// <summary>The same with the place where each value was written.</summary>
    public SourceMap? Tree { get; init; }

    /// <summary>Why it cannot be resolved.</summary>
    public ResolveRefusal? Refusal { get; init; }
}

/// <summary>Why a request cannot have the blueprint it asks for.</summary>
/// <param name="Kind">For programs.</param>
/// <param name="Errors">What is wrong, by JSON pointer into the request.</param>
public sealed record ResolveRefusal(ResolveRefusalKind Kind, IReadOnlyList<(string Pointer, string Message)> Errors);

/// <summary>The kinds of refusal.</summary>
public enum ResolveRefusalKind
{
    /// <summary>There is no blueprint of that name.</summary>
    UnknownBlueprint,

    /// <summary>The blueprint exists only to be extended.</summary>
    AbstractBlueprint,

    /// <summary>A parameter is unknown, missing or has a value that is not allowed.</summary>
    InvalidParameter,

    /// <summary>With these values the blueprint does not make sense, or it needs a target and the request has none.</summary>
    InvalidBlueprint,
}
