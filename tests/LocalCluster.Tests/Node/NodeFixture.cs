using System.Collections.Concurrent;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Workspaces.LocalCluster.Hosting;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

[assembly: AssemblyFixture(typeof(NodeFixture))]

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>
/// A whole cluster, shared by the tests: the one that WORKSPACES_TEST_KUBECONFIG names, else a LocalCluster on this machine. Tests talk to it by the Kubernetes
/// API alone, each in a namespace of its own.
/// </summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-node-").FullName;

    private readonly ConcurrentBag<string> _namespaces = [];

    private LocalClusterHost? _host;

    /// <summary>An image with a shell and the usual small programs.</summary>
    public static string Image => TestCluster.Image;

    /// <summary>The LocalCluster, for tests that are its own.</summary>
    public LocalClusterHost Host => _host ?? throw new InvalidOperationException("The cluster is not a LocalCluster; the test's class should say so (TestCluster.IsLocalClusterOrSkip).");

    /// <summary>How long LocalCluster's node may be silent.</summary>
    public TimeSpan NodeMonitorGracePeriod { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>For stock programs.</summary>
    public string KubeconfigFile => TestCluster.Kubeconfig ?? Path.Combine(_folder, "kubeconfig");

    public Kubernetes Client { get; private set; } = null!;

    internal IPodStreams Streams => Host.Services.GetRequiredService<IPodStreams>();

    public string ImagesFolder => Path.Combine(_folder, "images");

    public string StateFolder => Path.Combine(_folder, "state");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (TestCluster.IsLocal)
        {
            Directory.CreateDirectory(ImagesFolder);
            await File.WriteAllTextAsync(Path.Combine(ImagesFolder, "host.yaml"), $"name: {Image}\nhost: true\n");
        }

        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await TestCluster.DeleteAsync(Client, _namespaces);
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
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }

        Client?.Dispose();
    }

    public async Task<string> NewNamespaceAsync()
    {
        var created = await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { GenerateName = "test-" } }, cancellationToken: Ct);
        // Pods are refused before the namespace has its account, which a controller makes soon after it.
        var name = created.Metadata.Name;
        _namespaces.Add(name);
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
            try
            {
                await using var log = await Client.CoreV1.ReadNamespacedPodLogAsync(pod, ns, container: container, cancellationToken: Ct);
                text = await new StreamReader(log).ReadToEndAsync(Ct);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.BadRequest)
            {
                return false; // the container has not started yet
            }

            return until is null || text.Contains(until, StringComparison.Ordinal);
        });
        return text;
    }

    /// <summary>Runs a command in a container, without standard input.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> ExecAsync(string ns, string pod, string container, params string[] command)
    {
        using var socket = await Client.WebSocketNamespacedPodExecAsync(pod, ns, command, container, stdin: false, tty: false, cancellationToken: Ct);
        using var streams = new StreamDemuxer(socket);
        streams.Start();
        await using var output = streams.GetStream(ChannelIndex.StdOut, null);
        await using var errors = streams.GetStream(ChannelIndex.StdErr, null);
        await using var outcome = streams.GetStream(ChannelIndex.Error, null);
        var texts = await Task.WhenAll(new[] { output, errors, outcome }.Select(stream => new StreamReader(stream).ReadToEndAsync(Ct)));
        return (Kubernetes.GetExitCodeOrThrow(KubernetesJson.Deserialize<V1Status>(texts[2])), texts[0], texts[1]);
    }

    /// <inheritdoc cref="Eventually.TrueAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task EventuallyAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(condition);

    private async Task StartAsync()
    {
        if (TestCluster.IsLocal)
        {
            _host = await LocalClusterHost.StartAsync(
                new LocalClusterOptions
                {
                    StateFolder = StateFolder,
                    Port = 0,
                    SidePort = 0,
                    KubeconfigFile = KubeconfigFile,
                    ImagesFolder = ImagesFolder,
                    NodeMonitorGracePeriod = NodeMonitorGracePeriod,
                });
        }

        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(KubeconfigFile));
    }
}
