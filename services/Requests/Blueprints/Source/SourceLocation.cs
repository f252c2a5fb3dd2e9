namespace Workspaces.Requests.Blueprints.Source;

/// <summary>Where something was written; line and column count from 1.</summary>
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
