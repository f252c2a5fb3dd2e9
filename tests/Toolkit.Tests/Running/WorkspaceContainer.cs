using System.Globalization;
using Workspaces.LocalSuite.Processes;
using Xunit;

namespace Workspaces.Toolkit.Tests.Running;

/// <summary>
/// A workspace container without Kubernetes: <c>install</c> fills the volume, <c>bootstrap</c> runs as process 1 of an image. Logins
/// go to a loopback port, with stock OpenSSH and a certificate.
/// </summary>
internal sealed class WorkspaceContainer : IAsyncDisposable
{
    public const string Id = "k7f3q2m";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit-").FullName;
    private readonly ToolkitBuild _toolkit;
    private ChildProcess? _process;

    private WorkspaceContainer(ToolkitBuild toolkit) => _toolkit = toolkit;

    public ContainerImage Image { get; init; }

    public bool ReadOnly { get; init; }

    public int Uid { get; init; }

    public int Port { get; } = Ports.Free(1)[0];

    /// <summary>Environment on top of what every workspace has.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    public ChildProcess Process => _process ?? throw new InvalidOperationException("Not started.");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(_folder, "log");

    private string Secret => In("secret/ssh_host_ed25519_key");

    /// <summary>A container whose keys are made and whose toolkit is installed; nothing runs yet.</summary>
    public static async Task<WorkspaceContainer> CreateAsync(ToolkitBuild toolkit, ContainerImage image = ContainerImage.Empty, int uid = 0, bool readOnly = false, Dictionary<string, string>? environment = null)
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "Needs root: containers are made of namespaces and mounts.");
        var container = new WorkspaceContainer(toolkit) { Image = image, Uid = uid, ReadOnly = readOnly, Environment = environment ?? [] };
        await container.PrepareAsync();
        return container;
    }

    /// <summary>A running container that answers on its port.</summary>
    public static async Task<WorkspaceContainer> StartAsync(ToolkitBuild toolkit, ContainerImage image = ContainerImage.Empty, int uid = 0, bool readOnly = false, Dictionary<string, string>? environment = null)
    {
        var container = await CreateAsync(toolkit, image, uid, readOnly, environment);
        try
        {
            await container.WriteHostKeyAsync();
            container.Start();
            await container.WaitUntilAsync("sshd answers", () => container.Log.Contains("Server listening", StringComparison.Ordinal));
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    public void Start() => _process = ChildProcess.Start(ContainerStart(Image == ContainerImage.Empty ? "empty" : "debian", ReadOnly, Uid, LogFile, WorkspaceEnvironment(), "bootstrap"));

    /// <summary>Makes the Secret's key appear.</summary>
    public async Task WriteHostKeyAsync()
    {
        await SshKeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", In("host"));
        File.WriteAllText(In("known_hosts"), $"[127.0.0.1]:{Port} {File.ReadAllText(In("host.pub"))}");
        File.SetUnixFileMode(In("host"), (UnixFileMode)Convert.ToInt32("444", 8));
        File.Move(In("host"), Secret);
    }

    /// <summary>Runs <c>ssh</c> in this container with the right certificate.</summary>
    public Task<Outcome> SshAsync(string command, params string[] options) => StockProgram.RunAsync("ssh", [.. SshOptions(), .. options, "-p", PortText, "dev@127.0.0.1", command]);

    /// <summary>The same, with input for the command.</summary>
    public Task<Outcome> SshWithInputAsync(string input, string command, params string[] options) =>
        StockProgram.RunAsync("ssh", [.. SshOptions(), .. options, "-p", PortText, "dev@127.0.0.1", command], input);

    /// <summary>Options of <c>ssh</c>, <c>scp</c> and <c>sftp</c>: nothing of this machine's own configuration.</summary>
    public IReadOnlyList<string> SshOptions(string key = "user") =>
    [
        "-F", "none", "-i", In(key), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
        "-o", $"UserKnownHostsFile={In("known_hosts")}",
    ];

    public string PortText => Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes a key with a certificate, for refusals.</summary>
    public async Task<string> CertifiedKeyAsync(string name, string principal, string authority)
    {
        await SshKeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", In(name));
        if (!File.Exists(In(authority)))
        {
            await SshKeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", In(authority));
        }

        await SshKeygenAsync("-q", "-s", In(authority), "-I", "test", "-n", principal, "-V", "+10m", In($"{name}.pub"));
        return name;
    }

    public string In(string name) => Path.Combine(_folder, name);

    public Task WaitUntilAsync(string what, Func<bool> condition) => WaitUntilAsync(what, () => Task.FromResult(condition()));

    public async Task WaitUntilAsync(string what, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Not seen: {what}. The container's log:\n{Log}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // The kernel ends everything in the container with its process 1. (unshare's --kill-child does not reach one that has
            // changed its user.)
            foreach (var first in FirstProcesses())
            {
                await StockProgram.RunAsync("kill", ["-KILL", first]);
            }

            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Process 1 of the container, by its id outside; none when it has ended.</summary>
    public IReadOnlyList<string> FirstProcesses()
    {
        var children = $"/proc/{Process.Id}/task/{Process.Id}/children";
        return Process.HasExited || !File.Exists(children) ? [] : File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task PrepareAsync()
    {
        foreach (var folder in new[] { "volume", "config", "secret" })
        {
            Directory.CreateDirectory(In(folder));
        }

        // The mode that the kubelet gives an emptyDir.
        File.SetUnixFileMode(In("volume"), (UnixFileMode)Convert.ToInt32("777", 8));
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        await CertifiedKeyAsync("user", $"ws-{Id}", "ca");
        File.Copy(In("ca.pub"), In("config/user_ca.pub"));
        File.WriteAllText(In("config/banner"), "Welcome to the workspace.\n");

        await using var install = ChildProcess.Start(ContainerStart(_toolkit.Image, readOnly: false, Uid, In("install.log"), [], "install", "/toolkit"));
        await install.WaitForExitAsync();
        Assert.True(install.ExitCode == 0, File.ReadAllText(In("install.log")));
    }

    private ProgramStart ContainerStart(string image, bool readOnly, int uid, string log, IEnumerable<string> environment, string script, params string[] arguments) =>
        new(
            "unshare",
            [
                "--mount", "--pid", "--fork", "--kill-child", "bash", Path.Combine(AppContext.BaseDirectory, "container.sh"), _folder, image, readOnly ? "ro" : "rw",
                uid.ToString(CultureInfo.InvariantCulture), .. environment, "/.workspace/bin/busybox", "sh", $"/.workspace/bin/{script}", .. arguments,
            ],
            log);

    private IEnumerable<string> WorkspaceEnvironment() =>
        new Dictionary<string, string>(Environment)
        {
            ["WORKSPACE_ID"] = Id,
            ["WORKSPACE_NAME"] = "tools",
            ["WORKSPACE_OWNER"] = "dev",
            ["WORKSPACE_USER"] = "dev",
            ["WORKSPACE_UID"] = "1000",
            ["WORKSPACE_GID"] = "1000",
            ["WORKSPACE_HOME"] = "/home/dev",
            ["WORKSPACE_SSH_PORT"] = PortText,
        }.Select(variable => $"{variable.Key}={variable.Value}");

    private static async Task SshKeygenAsync(params string[] arguments) => (await StockProgram.RunAsync("ssh-keygen", arguments)).MustSucceed();
}
