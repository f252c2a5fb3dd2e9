using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Node.Runtime;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>A command that was started in a container, with pipes or a terminal.</summary>
internal sealed partial class ExecProcess : IContainerProcess
{
    private readonly ExecHandle _handle;
    private readonly Terminal? _terminal;

    public ExecProcess(ExecHandle handle, Terminal? terminal, ExecRequest request)
    {
        _handle = handle;
        _terminal = terminal;
        var process = handle.Process;
        if (terminal is not null)
        {
            StandardInput = request.Stdin ? new TerminalInput(terminal.Stream) : Stream.Null;
            StandardOutput = BlockingReader.ReadAhead(terminal.Stream, "exec tty");
            StandardError = Stream.Null;
        }
        else
        {
            StandardInput = request.Stdin ? process.StandardInput.BaseStream : Stream.Null;
            StandardOutput = BlockingReader.ReadAhead(process.StandardOutput.BaseStream, "exec stdout");
            StandardError = new WithoutStartError(BlockingReader.ReadAhead(process.StandardError.BaseStream, "exec stderr"), handle.Ended);
            if (!request.Stdin)
            {
                process.StandardInput.Close();
            }
        }

        ExitCode = WaitAsync();
    }

    public Stream StandardInput { get; }

    public Stream StandardOutput { get; }

    public Stream StandardError { get; }

    public Task<int> ExitCode { get; }

    public Task ResizeAsync(int columns, int rows, CancellationToken ct)
    {
        _terminal?.Resize(columns, rows);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_handle.Ended.IsCompleted)
        {
            await _handle.KillAsync();
        }

        await _handle.Ended;
        _terminal?.Dispose();
        _handle.Process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        var error = await _handle.Ended;
        return error is null ? _handle.Process.ExitCode : throw CannotStart(error);
    }

    /// <summary>As a real node words it; kubectl shows it as "error: Internal error occurred: ...".</summary>
    private static Api.ApiStatusException CannotStart(string error)
    {
        var reason = NotFound().Match(error) is { Success: true } match ? match.Groups["name"].Value : null;
        var words = reason is null ? error
            : reason.Contains('/') ? $"exec: \"{reason}\": stat {reason}: no such file or directory"
            : $"exec: \"{reason}\": executable file not found in $PATH";
        var id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        return new Api.ApiStatusException(
            500, "InternalError",
            $"Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"{id}\": "
            + $"OCI runtime exec failed: exec failed: unable to start container process: {words}: unknown");
    }

    /// <summary>How the runtime says that there is no such program.</summary>
    [GeneratedRegex("^executable file `(?<name>[^`]+)` not found")]
    private static partial Regex NotFound();
}
