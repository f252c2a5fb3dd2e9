using System.Diagnostics;

namespace Workspaces.Toolkit.Tests.Running;

/// <summary>Runs programs of this machine to their end, with a deadline.</summary>
internal static class StockProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<Outcome> RunAsync(string file, IEnumerable<string> arguments, string input = "", TimeSpan? deadline = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(file, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var end = new CancellationTokenSource(deadline ?? Deadline);
        try
        {
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} did not end.\n{await output}\n{await error}");
        }

        return new Outcome(process.ExitCode, await output, await error);
    }

    public static Process Start(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var info = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new InvalidOperationException($"{file} did not start.");
    }
}
