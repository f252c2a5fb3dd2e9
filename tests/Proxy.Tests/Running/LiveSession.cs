using System.Diagnostics;
using Workspaces.Support.Ssh;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>A stock ssh with a shell behind it that answers, until somebody ends it.</summary>
internal sealed class LiveSession : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private LiveSession(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Logs in, again until it works, and waits until the shell answers.</summary>
    public static Task<LiveSession> OpenAsync(RunningProxy proxy, string keyFile, string login) => Eventually.FindAsync(async () =>
    {
        var session = new LiveSession(Process.Start(new ProcessStartInfo(StockProgram.Find("ssh", "openssh-client"), [.. proxy.SshArguments(keyFile, login), "sh"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        if (await session.SayAsync("echo ready") == "ready")
        {
            return session;
        }

        await session.DisposeAsync();
        return null;
    }, $"a session as {login}");

    /// <summary>Has the shell run a command; returns its line of output, null where the session has ended.</summary>
    public async Task<string?> SayAsync(string command)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(command);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            return null; // ended
        }

        return await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Waits until somebody has ended it; returns what ssh said.</summary>
    public async Task<string> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return await _error;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
