namespace Workspaces.EndToEnd;

/// <summary>Stock OpenSSH clients against the Proxy, with nothing from this machine's own SSH configuration.</summary>
internal sealed class SshClient(string host, string port, string key, string knownHosts)
{
    /// <summary>Options that every call has; the same for <c>ssh</c>, <c>scp</c> and <c>sftp</c>.</summary>
    public IReadOnlyList<string> Options { get; } =
    [
        "-F", "none",
        "-o", "BatchMode=yes",
        "-o", "IdentitiesOnly=yes",
        "-o", "IdentityAgent=none",
        "-o", $"IdentityFile={key}",
        "-o", $"UserKnownHostsFile={knownHosts}",
        "-o", "StrictHostKeyChecking=yes",
        "-o", $"Port={port}",
    ];

    /// <summary><c>login@host</c>.</summary>
    public string At(string login) => $"{login}@{host}";

    /// <summary>A copy that logs in with another key.</summary>
    public SshClient WithKey(string otherKey) => new(host, port, otherKey, knownHosts);

    /// <summary>Runs <c>ssh</c> with a remote command.</summary>
    public Task<CommandResult> ExecAsync(string login, string command, string? input = null, params string[] extraOptions) =>
        Command.RunAsync("ssh", [.. Options, .. extraOptions, At(login), command], input, TimeSpan.FromSeconds(90));
}
