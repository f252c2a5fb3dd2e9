namespace Workspaces.LocalSuite.Processes;

/// <summary>How to start a program. Its output goes to <see cref="LogFile"/>, appended.</summary>
public sealed record ProgramStart(string FileName, IReadOnlyList<string> Arguments, string LogFile)
{
    /// <summary>Variables on top of this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folder to start in; default this process's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Account to run as, when this process is root; otherwise it runs as whoever we are.</summary>
    public string? RunAs { get; init; }

    /// <summary>What the program takes as the request to end in order; also sent to it by the kernel should this process die.</summary>
    public UnixSignal StopSignal { get; init; } = UnixSignal.Terminate;
}
