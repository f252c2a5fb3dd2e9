using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Workspaces.Injector.Tests.Running;
using Workspaces.LocalCluster;
using Workspaces.LocalCluster.Hosting;
using Workspaces.Support.Ssh;
using Xunit;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

// Every worker sees all records of the cluster, as there is one at a time in production: two tests at once would take each other's.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Workspaces.Injector.Tests.Running;

/// <summary>
/// A whole cluster with real pods, shared by the tests, and what an Injector needs in it: its service account with the roles that ship,
/// and nothing more. People come in with certificates of an authority that the tests have.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workspaces-injector-tests-").FullName;
    private LocalClusterHost? _cluster;

    /// <summary>Folder of the checkout.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", ".."));

    /// <summary>Kubeconfig of an administrator.</summary>
    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>Kubeconfig of the Injector's service account.</summary>
    public string InjectorKubeconfig => Path.Combine(_folder, "kubeconfig.injector");

    /// <summary>Public key file of the user CA.</summary>
    public string UserCa => Path.Combine(_folder, "user_ca.pub");

    /// <summary>The key that people have.</summary>
    public string PersonKey => Path.Combine(_folder, "person");

    /// <summary>An administrator's client.</summary>
    public Kubernetes Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await KeygenAsync("-q", "-t", "ed25519", "-N", "", "-C", "user-ca", "-f", UserCa[..^4]);
        await KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", PersonKey);
        _cluster = await LocalClusterHost.StartAsync(new LocalClusterOptions
        {
            StateFolder = Path.Combine(_folder, "state"),
            KubeconfigFile = Kubeconfig,
            Port = 0,
            SidePort = 0,
            ImagesFolder = Path.Combine(Root, "images"),
        });
        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "workspaces-system" } });
        await KubectlAsync("apply", "-f", Path.Combine(Root, "deploy", "kubernetes", "injector-rbac.yaml"));
        await WriteInjectorKubeconfigAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stock kubectl as an administrator; it has to succeed.</summary>
    public async Task<string> KubectlAsync(params string[] arguments)
    {
        var run = await ProgramRun.RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);
        Assert.True(run.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {run}");
        return run.Output;
    }

    /// <summary>A certificate for exactly one workspace, as the Proxy makes one; the path of the key that it goes with.</summary>
    public async Task<string> CertificateAsync(string workspaceId)
    {
        var key = Path.Combine(_folder, $"key-{Guid.NewGuid():N}");
        File.Copy(PersonKey, key);
        File.Copy(PersonKey + ".pub", key + ".pub");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await KeygenAsync("-q", "-s", UserCa[..^4], "-I", "test", "-n", $"ws-{workspaceId}", key + ".pub");
        return key;
    }

    private async Task WriteInjectorKubeconfigAsync()
    {
        var token = (await KubectlAsync("create", "token", "workspaces-injector", "-n", "workspaces-system", "--duration=10h")).Trim();
        File.Copy(Kubeconfig, InjectorKubeconfig);
        foreach (string[] change in new[]
        {
            ["set-credentials", "injector", "--token", token],
            new[] { "set-context", "--current", "--user", "injector" },
        })
        {
            var run = await ProgramRun.RunAsync("kubectl", ["--kubeconfig", InjectorKubeconfig, "config", .. change]);
            Assert.True(run.ExitCode == 0, run.ToString());
        }
    }

    private static async Task KeygenAsync(params string[] arguments)
    {
        var run = await ProgramRun.RunAsync("ssh-keygen", arguments);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"ssh-keygen: {run}");
        }
    }

    private static string ThisFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
