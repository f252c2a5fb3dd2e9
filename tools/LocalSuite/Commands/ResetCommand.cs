using Workspaces.LocalSuite.Layout;

namespace Workspaces.LocalSuite.Commands;

/// <summary>Stops the suite and removes everything that it keeps; what was downloaded or built stays.</summary>
internal static class ResetCommand
{
    public static async Task<int> ExecuteAsync(SuiteLayout layout, TextWriter output)
    {
        await StopCommand.ExecuteAsync(layout, output);
        foreach (var path in layout.Everything)
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        await output.WriteLineAsync($"Forgot the state in {layout.Options.StateFolder}.");
        return 0;
    }
}
