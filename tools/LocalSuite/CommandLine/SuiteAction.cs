namespace Workspaces.LocalSuite.CommandLine;

/// <summary>What the person wants.</summary>
public enum SuiteAction
{
    /// <summary>Start everything and stay until Ctrl-C.</summary>
    Run,

    /// <summary>Start everything in the background and return when it is ready.</summary>
    Detach,

    /// <summary>Say how every component is.</summary>
    Status,

    /// <summary>Stop everything.</summary>
    Stop,

    /// <summary>Stop everything and forget all state.</summary>
    Reset,

    /// <summary>Say what the command line can be.</summary>
    Help,
}
