namespace Workspaces.EndToEnd;

/// <summary>A terminal window of tmux, typed into and read as a person would.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private readonly string _socket = Path.Combine(Path.GetTempPath(), "workspaces-tmux-" + Guid.NewGuid().ToString("N"));

    private Terminal()
    {
    }

    /// <summary>Opens a window of the given size in which <paramref name="command"/> runs.</summary>
    public static async Task<Terminal> StartAsync(string command, int columns, int rows)
    {
        var terminal = new Terminal();
        await terminal.TmuxAsync("-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", command);
        await terminal.TmuxAsync("set-option", "-g", "status", "off");
        await terminal.TmuxAsync("set-option", "-g", "remain-on-exit", "on");
        await terminal.ResizeAsync(columns, rows);
        await Eventually.TrueAsync(async () => (await terminal.ScreenAsync()).TrimEnd().EndsWith('$'), "a prompt");
        return terminal;
    }

    /// <summary>Types a line and presses Enter.</summary>
    public async Task TypeAsync(string line)
    {
        await TmuxAsync("send-keys", "-l", line);
        await TmuxAsync("send-keys", "Enter");
    }

    /// <summary>Changes the size of the window.</summary>
    public Task ResizeAsync(int columns, int rows) => TmuxAsync("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    /// <summary>Waits until a whole line of the screen reads <paramref name="line"/>.</summary>
    public Task ShowsAsync(string line) =>
        Eventually.TrueAsync(async () => (await ScreenAsync()).Split('\n').Any(shown => shown.Trim() == line), $"\"{line}\" on the screen", TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync() => await Command.RunAsync("tmux", ["-S", _socket, "kill-server"]);

    private async Task<string> ScreenAsync() => (await TmuxAsync("capture-pane", "-p")).Output;

    private async Task<CommandResult> TmuxAsync(params string[] arguments) =>
        (await Command.RunAsync("tmux", ["-S", _socket, .. arguments])).MustSucceed();
}
