using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Workspaces.LocalCluster.Hosting;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

[assembly: AssemblyFixture(typeof(NodeFixture))]

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>A whole cluster on this machine, shared by the tests; each test works in a namespace of its own.</summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-node-").FullName;

    private bool _running;

    public const string Image = "tests/host";

    public LocalClusterHost Host { get; private set; } = null!;

    public Kubernetes Client { get; private set; } = null!;

    internal IPodStreams Streams => Host.Services.GetRequiredService<IPodStreams>();

    public string ImagesFolder => Path.Combine(_folder, "images");

    public string StateFolder => Path.Combine(_folder, "state");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(ImagesFolder);
        await File.WriteAllTextAsync(Path.Combine(ImagesFolder, "host.yaml"), $"name: {Image}\nhost: true\n");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stops the cluster and starts it again on the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Stops the cluster; once is enough.</summary>
    public async Task StopAsync()
    {
        if (_running)
        {
            _running = false;
            Client.Dispose();
            await Host.DisposeAsync();
        }
    }

    public async Task<string> NewNamespaceAsync()
    {
        var created = await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { GenerateName = "test-" } }, cancellationToken: Ct);
        // Pods are refused before the namespace has its account, which a controller makes soon after it.
        var name = created.Metadata.Name;
        await EventuallyAsync(async () => (await Client.CoreV1.ListNamespacedServiceAccountAsync(name, cancellationToken: Ct)).Items.Count > 0);
        return name;
    }

    /// <summary>A pod with one container that runs a shell script.</summary>
    public static V1Pod ShellPod(string name, string script) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            TerminationGracePeriodSeconds = 2,
            Containers = [Shell("main", script)],
        },
    };

    public static V1Container Shell(string name, string script) => new() { Name = name, Image = Image, Command = ["sh", "-c", script] };

    public Task<V1Pod> CreateAsync(string ns, V1Pod pod) => Client.CoreV1.CreateNamespacedPodAsync(pod, ns, cancellationToken: Ct);

    /// <summary>Waits until the pod is as wanted, and returns it.</summary>
    public async Task<V1Pod> PodAsync(string ns, string name, Func<V1Pod, bool> wanted)
    {
        V1Pod? pod = null;
        try
        {
            await EventuallyAsync(async () =>
            {
                pod = (await Client.CoreV1.ListNamespacedPodAsync(ns, fieldSelector: $"metadata.name={name}", cancellationToken: Ct)).Items.SingleOrDefault();
                return pod is not null && wanted(pod);
            });
        }
        catch (TimeoutException e)
        {
            var events = string.Join('\n', (await EventsAsync(ns)).Select(known => $"{known.Reason}: {known.Message}"));
            throw new TimeoutException($"Pod {name} is not as wanted. Status: {(pod is null ? "no such pod" : KubernetesJson.Serialize(pod.Status))}\n{events}", e);
        }

        return pod!;
    }

    public Task<V1Pod> ReadyPodAsync(string ns, string name) => PodAsync(ns, name, IsReady);

    public static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    public async Task GoneAsync(string ns, string name) =>
        await EventuallyAsync(async () => (await Client.CoreV1.ListNamespacedPodAsync(ns, fieldSelector: $"metadata.name={name}", cancellationToken: Ct)).Items.Count == 0);

    public async Task<IList<Corev1Event>> EventsAsync(string ns) => (await Client.CoreV1.ListNamespacedEventAsync(ns, cancellationToken: Ct)).Items;

    /// <summary>The output of a container that has ended or of one that goes on, once it contains a text.</summary>
    public async Task<string> LogAsync(string ns, string pod, string container = "main", string? until = null)
    {
        var text = "";
        await EventuallyAsync(async () =>
        {
            using var log = new MemoryStream();
            await Streams.CopyLogsAsync(ns, pod, container, new LogRequest(), log, Ct);
            text = System.Text.Encoding.UTF8.GetString(log.ToArray());
            return until is null || text.Contains(until, StringComparison.Ordinal);
        });
        return text;
    }

    public async Task<(int ExitCode, string Output, string Errors)> ExecAsync(string ns, string pod, string container, params string[] command)
    {
        await using var process = await Streams.ExecAsync(ns, pod, container, new ExecRequest(command, false, true, true, false), Ct);
        var output = new StreamReader(process.StandardOutput).ReadToEndAsync(Ct);
        var errors = new StreamReader(process.StandardError).ReadToEndAsync(Ct);
        return (await process.ExitCode, await output, await errors);
    }

    /// <inheritdoc cref="Eventually.TrueAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task EventuallyAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(condition);

    private async Task StartAsync()
    {
        Host = await LocalClusterHost.StartAsync(
            new LocalClusterOptions { StateFolder = StateFolder, Port = 0, SidePort = 0, KubeconfigFile = Path.Combine(_folder, "kubeconfig"), ImagesFolder = ImagesFolder });
        _running = true;
        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Host.KubeconfigFile));
    }
}
