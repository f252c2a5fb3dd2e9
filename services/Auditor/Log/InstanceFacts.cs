namespace Workspaces.Auditor.Log;

/// <summary>What <c>InstanceUp</c> said that later events of the instance do not repeat.</summary>
public sealed record InstanceFacts
{
    /// <summary>Instance id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The workload it runs in, <c>NAMESPACE/KIND/NAME</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The pod it runs in, <c>NAMESPACE/NAME</c>. Pods of a StatefulSet have the same name again and again.</summary>
    public string? Pod { get; init; }
}
