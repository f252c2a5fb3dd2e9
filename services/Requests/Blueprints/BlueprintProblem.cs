using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints;

/// <summary>One thing that is wrong with a blueprint, and where.</summary>
/// <param name="Location">File, line and column.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public sealed record BlueprintProblem(SourceLocation Location, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Location}: {Message}";
}
