using System.Collections.Concurrent;
using System.Diagnostics;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>An example from the documentation as a process, with what it has printed.</summary>
internal sealed class RunningExample : IDisposable
{
    private readonly Process _process;

    private RunningExample(Process process) => _process = process;

    /// <summary>Lines of its output.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>Lines of its errors.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public static RunningExample Start(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var example = new RunningExample(new Process { StartInfo = start });
        example._process.OutputDataReceived += (_, line) => Add(example.Lines, line.Data);
        example._process.ErrorDataReceived += (_, line) => Add(example.Errors, line.Data);
        example._process.Start();
        example._process.BeginOutputReadLine();
        example._process.BeginErrorReadLine();
        return example;
    }

    /// <summary>Waits until it ends by itself; it must end well.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(CancellationToken cancellationToken) =>
        await ExitAsync(cancellationToken) is var exitCode and not 0
            ? throw new InvalidOperationException($"It ended with {exitCode}: {string.Join('\n', Errors.Concat(Lines).TakeLast(40))}")
            : [.. Lines];

    /// <summary>Waits until it ends by itself, and returns its exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(5));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once, as a crash would, with its children.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
