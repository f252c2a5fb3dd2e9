using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Workspaces.Requests.Storage;

namespace Workspaces.Requests.Tests.Running;

/// <summary>The service as it is run anywhere: a process of its own with Kestrel on a free loopback port.</summary>
public sealed partial class RequestsProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RequestsProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The service ended before it listened."));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>What it has logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Exit code, once it has ended.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts the service and returns when it listens; readiness may come later.</summary>
    public static async Task<RequestsProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var service = Launch(settings);
        try
        {
            await service._address.Task.WaitAsync(StartWithin);
            return service;
        }
        catch (Exception exception)
        {
            var log = service.Log;
            await service.DisposeAsync();
            throw new InvalidOperationException($"The service did not start:\n{log}", exception);
        }
    }

    /// <summary>Starts the service and waits until it ends by itself.</summary>
    public static async Task<RequestsProcess> RunToEndAsync(IReadOnlyDictionary<string, string> settings)
    {
        var service = Launch(settings);
        using var deadline = new CancellationTokenSource(StartWithin);
        await service._process.WaitForExitAsync(deadline.Token);
        return service;
    }

    /// <summary>Ends it as a crash would: at once, in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static RequestsProcess Launch(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(StoreGate).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(typeof(StoreGate).Assembly.Location)!,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var service = new RequestsProcess(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return service;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
            if (Environment.GetEnvironmentVariable("WORKSPACES_TEST_LOG") is { Length: > 0 } file)
            {
                File.AppendAllText(file, line + "\n");
            }
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex("Now listening on: (http://[^\\s\"]+)")]
    private static partial Regex Listening();
}
