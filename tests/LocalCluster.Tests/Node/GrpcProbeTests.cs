using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>
/// gRPC probes against a server of this process: a pod on the machine's network has the machine's address.
/// </summary>
public sealed class GrpcProbeTests(NodeFixture cluster) : OwnTests("a server beside the node")
{
    [Fact]
    public async Task Readiness_FollowsTheServersStatus()
    {
        var serving = false;
        await using var server = await ServerAsync(() => serving ? (byte)1 : (byte)2);
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("asked", "exec sleep 1000");
        pod.Spec.HostNetwork = true;
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe { Grpc = new V1GRPCAction { Port = Port(server), Service = "my-service" }, PeriodSeconds = 1, FailureThreshold = 1 };
        await cluster.CreateAsync(ns, pod);
        await EventuallyAsync(async () => (await cluster.EventsAsync(ns)).Any(known => known.Message == "Readiness probe failed: service unhealthy (responded with \"NOT_SERVING\")"));

        serving = true;

        await cluster.ReadyPodAsync(ns, "asked");
    }

    private static int Port(WebApplication server) => new Uri(server.Urls.First()).Port;

    /// <summary>Answers health checks of "my-service" as the protocol says: a frame with the status, then the code in a trailer.</summary>
    private static async Task<WebApplication> ServerAsync(Func<byte> status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Any, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var known = http.Request is { Path.Value: "/grpc.health.v1.Health/Check", ContentType: "application/grpc" }
                && body.ToArray().SequenceEqual((byte[])[0, 0, 0, 0, 12, 0x0A, 10, .. "my-service"u8]);
            http.Response.ContentType = "application/grpc";
            if (known)
            {
                await http.Response.BodyWriter.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 0x08, status() });
            }

            http.Response.AppendTrailer("grpc-status", known ? "0" : "5");
        });
        await app.StartAsync();
        return app;
    }
}
