using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Servers;

/// <summary>Something that runs as one process of this machine and can be asked whether it is well.</summary>
public interface IServer
{
    /// <summary>Short name, for logs and for people.</summary>
    string Name { get; }

    /// <summary>Ports of the loopback interface that it listens on.</summary>
    IReadOnlyList<int> Ports { get; }

    /// <summary>Makes what the program needs before it starts. May run before every start.</summary>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>How to start it.</summary>
    ProgramStart Start { get; }

    /// <summary>Null when it does its work, otherwise a few words on why not.</summary>
    Task<string?> WhyNotReadyAsync(CancellationToken cancellation);
}
