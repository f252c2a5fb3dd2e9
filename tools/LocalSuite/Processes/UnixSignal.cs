namespace Workspaces.LocalSuite.Processes;

/// <summary>Signals by their Linux numbers.</summary>
public enum UnixSignal
{
    /// <summary>No signal: asks only whether the process is there.</summary>
    None = 0,

    /// <summary>SIGINT. PostgreSQL: fast shutdown, which does not wait for clients.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL: ends the process without asking it.</summary>
    Kill = 9,

    /// <summary>SIGTERM: the usual request to end.</summary>
    Terminate = 15,
}
