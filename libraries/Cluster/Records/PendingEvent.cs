using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>
/// An event that the record says has happened and the broker has not confirmed. It is stored with the change it tells of, in one
/// write, so neither a crash nor a broker that is away loses or invents one; published again, it has the same id and content.
/// </summary>
public sealed record PendingEvent
{
    private static readonly Dictionary<string, Type> Types = new[]
    {
        typeof(WorkspaceProgressed), typeof(WorkspaceReady), typeof(WorkspaceFailed), typeof(WorkspaceStopped),
        typeof(WorkspaceDeleted), typeof(InstanceUp), typeof(InstanceDown),
    }.ToDictionary(type => type.Name);

    /// <summary>Name of the contract type.</summary>
    public required string Type { get; init; }

    /// <summary>The event as JSON.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>Keeps an event until it is confirmed.</summary>
    public static PendingEvent Of(IWorkspaceScopedEvent happened) => new()
    {
        Type = happened.GetType().Name,
        Body = JsonSerializer.SerializeToNode(happened, happened.GetType(), ContractsJson.Options)!.AsObject(),
    };

    /// <summary>The event itself.</summary>
    /// <exception cref="InvalidDataException">The record names an event that workers do not publish.</exception>
    public IWorkspaceScopedEvent Read() =>
        Types.TryGetValue(Type, out var type) && Body.Deserialize(type, ContractsJson.Options) is IWorkspaceScopedEvent happened
            ? happened
            : throw new InvalidDataException($"The record holds a pending event of type '{Type}', which this version cannot read.");
}
