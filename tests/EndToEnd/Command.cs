using System.Diagnostics;

namespace Workspaces.EndToEnd;

/// <summary>Runs stock clients as a person would, with a deadline instead of a hang.</summary>
internal static class Command
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program to its end; past the deadline it is killed and the test fails with what it had said.</summary>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, string? input = null, TimeSpan? timeout = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var writing = WriteAsync(process, input);

        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"$ {Line(process)}\ndid not end in time.\n{await output}\n{await error}");
        }

        await writing;
        return new CommandResult(Line(process), process.ExitCode, await output, await error);
    }

    /// <summary>Runs a script in bash, as the documentation's commands are run.</summary>
    public static Task<CommandResult> BashAsync(string script, TimeSpan? timeout = null, IReadOnlyDictionary<string, string>? environment = null) =>
        RunAsync("bash", ["-euo", "pipefail", "-c", script], timeout: timeout, environment: environment);

    /// <summary>Starts a program that goes on while the test does something else; the caller ends it.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input ?? "");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; how it ended is what the test looks at.
        }
    }

    private static string Line(Process process) => $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}";
}
