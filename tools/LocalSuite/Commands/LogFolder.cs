namespace Workspaces.LocalSuite.Commands;

/// <summary>Logs are appended to while a suite runs; each start begins new ones and keeps those of the run before.</summary>
internal static class LogFolder
{
    private const string Suffix = ".previous";

    public static void KeepOneGeneration(string folder, string except)
    {
        Directory.CreateDirectory(folder);
        foreach (var log in Directory.GetFiles(folder, "*.log").Where(file => file != except))
        {
            File.Move(log, log + Suffix, overwrite: true);
        }
    }
}
