namespace Workspaces.LocalSuite.Servers;

/// <summary>The end of a log file, for an error message.</summary>
internal static class LogTail
{
    /// <summary>Its last lines, or a sentence that there are none.</summary>
    public static string Read(string file, int lines = 15) =>
        File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(lines).Select(line => $"  | {line}")) : "  | (no output)";
}
