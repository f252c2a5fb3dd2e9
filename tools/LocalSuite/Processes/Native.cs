using System.Runtime.InteropServices;

namespace Workspaces.LocalSuite.Processes;

/// <summary>The two system calls that .NET has no way to.</summary>
internal static partial class Native
{
    /// <summary>Whether this process is root.</summary>
    public static bool IsRoot => geteuid() == 0;

    /// <summary>Sends a signal; false when there is no such process or it is not ours to signal.</summary>
    public static bool Signal(int processId, UnixSignal signal) => kill(processId, (int)signal) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
