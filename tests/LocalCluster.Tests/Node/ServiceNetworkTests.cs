using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>Services as pods see them: addresses, names and variables.</summary>
[Trait("needs", "containers")]
public sealed class ServiceNetworkTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClusterAddressAndName_OfAService_LeadToItsPods()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ServiceAsync(ns, "web", null, 80, 8080);
        await cluster.CreateAsync(ns, WebPod("web-1", "hello"));
        await cluster.ReadyPodAsync(ns, "web-1");
        await cluster.CreateAsync(ns, ShellPod("client", "exec sleep 1000"));
        await cluster.ReadyPodAsync(ns, "client");
        var address = (await cluster.Client.CoreV1.ReadNamespacedServiceAsync("web", ns, cancellationToken: Ct)).Spec.ClusterIP;

        foreach (var host in (string[])[address, "web", $"web.{ns}", $"web.{ns}.svc.cluster.local"])
        {
            await EventuallyAsync(async () => (await GetAsync(ns, host)).Output.EndsWith("\r\n\r\nhello\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task ServiceWithoutReadyPods_RefusesConnections()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ServiceAsync(ns, "empty", null, 80, 8080);
        await cluster.CreateAsync(ns, ShellPod("client", "exec sleep 1000"));
        await cluster.ReadyPodAsync(ns, "client");
        var address = (await cluster.Client.CoreV1.ReadNamespacedServiceAsync("empty", ns, cancellationToken: Ct)).Spec.ClusterIP;

        var result = await GetAsync(ns, address);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Connection refused", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadlessService_NamesItsPods()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ServiceAsync(ns, "peers", "None", 80, 8080);
        var pod = WebPod("peer", "peer");
        pod.Spec.Hostname = "first";
        pod.Spec.Subdomain = "peers";
        await cluster.CreateAsync(ns, pod);
        var address = (await cluster.ReadyPodAsync(ns, "peer")).Status.PodIP;
        await cluster.CreateAsync(ns, ShellPod("client", "exec sleep 1000"));
        await cluster.ReadyPodAsync(ns, "client");

        foreach (var name in (string[])["peers", "first.peers", $"first.peers.{ns}.svc.cluster.local", $"{address.Replace('.', '-')}.{ns}.pod.cluster.local"])
        {
            await EventuallyAsync(async () => (await cluster.ExecAsync(ns, "client", "main", "getent", "ahostsv4", name)).Output.StartsWith(address + " ", StringComparison.Ordinal));
        }

        Assert.Equal($"first.peers.{ns}.svc.cluster.local\n", (await cluster.ExecAsync(ns, "peer", "main", "hostname", "-f")).Output);
        Assert.NotEqual(0, (await cluster.ExecAsync(ns, "client", "main", "getent", "ahostsv4", $"none.peers.{ns}.svc.cluster.local")).ExitCode);
    }

    [Fact]
    public async Task ClusterApi_IsReachableFromPodsWithTheirToken()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("client", "exec sleep 1000");
        pod.Spec.AutomountServiceAccountToken = null;
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "client");

        const string script = """
            cd /var/run/secrets/kubernetes.io/serviceaccount
            exec openssl s_client -quiet -verify_return_error -CAfile ca.crt -verify_hostname kubernetes.default.svc -connect "$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT" <<END
            GET /api/v1/namespaces/$(cat namespace)/pods HTTP/1.1
            Host: kubernetes.default.svc
            Authorization: Bearer $(cat token)
            Connection: close

            END
            """;
        var answer = await cluster.ExecAsync(ns, "client", "main", "sh", "-c", script);
        Assert.Contains($"system:serviceaccount:{ns}:default", answer.Output + answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environment_HasTheServicesOfTheNamespace_UnlessNotWanted()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ServiceAsync(ns, "my-db", null, 5432, 5432);
        var address = (await cluster.Client.CoreV1.ReadNamespacedServiceAsync("my-db", ns, cancellationToken: Ct)).Spec.ClusterIP;
        await cluster.CreateAsync(ns, ShellPod("linked", "exec sleep 1000"));
        var plain = ShellPod("plain", "exec sleep 1000");
        plain.Spec.EnableServiceLinks = false;
        await cluster.CreateAsync(ns, plain);
        await cluster.ReadyPodAsync(ns, "linked");
        await cluster.ReadyPodAsync(ns, "plain");

        var linked = await cluster.ExecAsync(ns, "linked", "main", "sh", "-c", "echo $MY_DB_SERVICE_HOST $MY_DB_SERVICE_PORT $MY_DB_PORT_5432_TCP $KUBERNETES_SERVICE_PORT_HTTPS");
        var unlinked = await cluster.ExecAsync(ns, "plain", "main", "sh", "-c", "echo ${MY_DB_SERVICE_HOST-none} $KUBERNETES_SERVICE_HOST");

        Assert.Equal($"{address} 5432 tcp://{address}:5432 443\n", linked.Output);
        Assert.Equal("none 10.96.0.1\n", unlinked.Output);
    }

    [Fact]
    public async Task NodePortAndHostPort_LeadToThePodFromThisMachine()
    {
        var ns = await cluster.NewNamespaceAsync();
        await ServiceAsync(ns, "outside", null, 80, 8080, "NodePort");
        var nodePort = (await cluster.Client.CoreV1.ReadNamespacedServiceAsync("outside", ns, cancellationToken: Ct)).Spec.Ports[0].NodePort;
        var pod = WebPod("web", "reached");
        pod.Spec.Containers[0].Ports = [new V1ContainerPort { ContainerPort = 8080, HostPort = 18080 }];
        await cluster.CreateAsync(ns, pod);
        var machine = (await cluster.ReadyPodAsync(ns, "web")).Status.HostIP;
        using var http = new HttpClient();

        foreach (var port in new[] { nodePort, 18080 })
        {
            await EventuallyAsync(async () =>
            {
                try
                {
                    return await http.GetStringAsync(new Uri($"http://{machine}:{port}/"), Ct) == "reached\n";
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
        }
    }

    /// <summary>What the pod "client" gets from a web server, by the programs that every image has.</summary>
    private Task<(int ExitCode, string Output, string Errors)> GetAsync(string ns, string host) =>
        cluster.ExecAsync(ns, "client", "main", "bash", "-c", $"exec 3<>/dev/tcp/{host}/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3");

    private static V1Pod WebPod(string name, string content)
    {
        var pod = ShellPod(name, $"mkdir /srv/www; echo {content} > /srv/www/index.html; exec busybox httpd -f -p 8080 -h /srv/www");
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "web" };
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = 8080 }, PeriodSeconds = 1 };
        return pod;
    }

    private Task<V1Service> ServiceAsync(string ns, string name, string? clusterIp, int port, int target, string? type = null) => cluster.Client.CoreV1.CreateNamespacedServiceAsync(
        new V1Service
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1ServiceSpec
            {
                ClusterIP = clusterIp,
                Type = type,
                Selector = new Dictionary<string, string> { ["app"] = "web" },
                Ports = [new V1ServicePort { Port = port, TargetPort = target }],
            },
        }, ns, cancellationToken: Ct);
}
