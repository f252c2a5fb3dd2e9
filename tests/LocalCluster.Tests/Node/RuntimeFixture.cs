using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Networking;
using Workspaces.LocalCluster.Node.Runtime;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>The parts of the node below pods, on this machine, in a folder of their own.</summary>
public sealed class RuntimeFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-runtime-").FullName;
    private int _containers;

    internal NodeFolders Folders { get; private set; } = null!;

    internal NodeNamespaces Namespaces { get; private set; } = null!;

    internal NodeNetwork Network { get; private set; } = null!;

    internal OciRuntime Runtime { get; private set; } = null!;

    internal RootFileSystem RootFileSystems { get; private set; } = null!;

    internal NodeCgroups Cgroups { get; private set; } = null!;

    internal static ImageDefinition HostImage { get; } = new()
    {
        Name = "host",
        Tags = [],
        Folder = null,
        Mask = [],
        Entrypoint = [],
        Command = [],
        Env = new Dictionary<string, string>(),
        User = "0",
        WorkingDir = "/",
        Mounts = [],
    };

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        Folders = new NodeFolders(_folder);
        Directory.CreateDirectory(Folders.Node);
        Directory.CreateDirectory(Folders.Runtime);
        Cgroups = new NodeCgroups(Folders.Id);
        Namespaces = await NodeNamespaces.CreateAsync(ct);
        Network = await NodeNetwork.CreateAsync(Folders, Namespaces, null, ct);
        Runtime = new OciRuntime(Namespaces, Cgroups, Folders.Runtime);
        RootFileSystems = new RootFileSystem(Namespaces, Folders.State);
        SandboxImage.Prepare(Folders.SandboxImage);
    }

    public async ValueTask DisposeAsync()
    {
        await Namespaces.DisposeAsync();
        await Network.RemoveAsync(CancellationToken.None);
        await Cgroups.RemoveAsync(Cgroups.Name, CancellationToken.None);
        Directory.Delete(Folders.Runtime, recursive: true);
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task<PodSandbox> StartSandboxAsync(string uid)
    {
        var ct = TestContext.Current.CancellationToken;
        var spec = NewSpec("sandbox-" + uid, Folders.SandboxImage, SandboxImage.Command) with { HostName = uid };
        var processId = await Runtime.RunDetachedAsync(spec, ct);
        return new PodSandbox(spec, processId, await Network.AttachAsync(uid, processId, ct));
    }

    /// <summary>A container of this machine's programs that runs a shell script.</summary>
    internal async Task<ContainerSpec> PrepareShellAsync(string script, PodSandbox? sandbox = null)
    {
        var name = $"c{Interlocked.Increment(ref _containers)}";
        var folder = Folders.Container("test", name, 0);
        var root = await RootFileSystems.MountAsync(HostImage, folder, TestContext.Current.CancellationToken);
        var spec = NewSpec(name, root, ["sh", "-c", script]);
        return sandbox is null ? spec : spec with { Namespaces = sandbox.NamespacesFor(false, false, false, null) };
    }

    /// <summary>Runs a container to its end.</summary>
    internal async Task<(int ExitCode, string Output, string Errors)> RunAsync(ContainerSpec spec)
    {
        var ct = TestContext.Current.CancellationToken;
        using var process = await Runtime.RunAsync(spec, null, ct);
        process.Input.Close();
        var output = new StreamReader(process.Output).ReadToEndAsync(ct);
        var errors = new StreamReader(process.Errors).ReadToEndAsync(ct);
        var exitCode = await process.WaitAsync(ct);
        await Runtime.DeleteAsync(spec, ct);
        return (exitCode, await output, await errors);
    }

    private ContainerSpec NewSpec(string id, string root, IReadOnlyList<string> arguments) => new()
    {
        Id = id,
        Bundle = Path.Combine(Folders.Node, "bundles", id),
        RootFileSystem = root,
        Arguments = arguments,
        Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
        WorkingDir = "/",
        User = new ContainerUser(0, 0, []),
        Cgroup = $"{Cgroups.Name}/{id}",
    };
}
