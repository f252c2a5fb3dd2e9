using Workspaces.LocalSuite.Servers;

namespace Workspaces.LocalSuite.Components;

/// <summary>One part of the suite: a server, what has to be ready before it starts, and what to do once it is.</summary>
/// <param name="Server">The server.</param>
/// <param name="Address">Where people find it.</param>
public sealed record Component(IServer Server, string Address)
{
    /// <summary>Short name.</summary>
    public string Name => Server.Name;

    /// <summary>Names of the components that it needs for its start. Later they may come and go.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Runs each time the server has become ready, before anything that comes after it starts.</summary>
    public Func<CancellationToken, Task> WhenReady { get; init; } = _ => Task.CompletedTask;
}
