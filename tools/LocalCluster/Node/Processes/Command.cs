using System.ComponentModel;
using System.Diagnostics;

namespace Workspaces.LocalCluster.Node.Processes;

/// <summary>Runs a short command of this machine to its end. Long-running processes (containers) are not for this class.</summary>
internal static class Command
{
    /// <summary>Runs a command and returns its output; throws <see cref="CommandFailedException"/> when it fails.</summary>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, string? input = null, CancellationToken ct = default)
    {
        var result = await TryRunAsync(command, input, ct);
        return result.ExitCode == 0
            ? result.Output
            : throw new CommandFailedException(string.Join(' ', command), result.ExitCode, (result.Errors + result.Output).Trim());
    }

    /// <summary>Runs a command to its end and returns how it ended. Cancelling kills it.</summary>
    public static async Task<CommandResult> TryRunAsync(IReadOnlyList<string> command, string? input = null, CancellationToken ct = default)
    {
        using var process = Start(command);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(ct);
            return new CommandResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Starts a command with all three standard streams as pipes.</summary>
    public static Process Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"Cannot start `{command[0]}`: {e.Message}. Install the package that has it and try again.", e);
        }
    }
}
