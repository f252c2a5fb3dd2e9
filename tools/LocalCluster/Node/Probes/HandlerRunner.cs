using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Probes;

/// <summary>Runs the three actions that probes and lifecycle hooks share: a command in the container, an HTTP request, a connection.</summary>
internal sealed class HandlerRunner(OciRuntime runtime)
{
    private const int LongestOutput = 10 * 1024;

#pragma warning disable CA5359 // Probes do not verify certificates: the kubelet does not either, and nothing secret is sent.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });
#pragma warning restore CA5359

    public Task<ProbeResult> RunAsync(PodState pod, RunningContainer running, PodContainer container, V1LifecycleHandler hook, CancellationToken ct) => hook switch
    {
        { Exec: { } exec } => ExecAsync(running, exec.Command, ct),
        { HttpGet: { } http } => HttpAsync(pod, container, http, ct),
        { TcpSocket: { } tcp } => ConnectAsync(pod, container, tcp.Host, tcp.Port, ct),
        { Sleep: { } sleep } => SleepAsync(sleep.Seconds, ct),
        _ => Task.FromResult(new ProbeResult(false, "this kind of lifecycle handler is not supported by LocalCluster")),
    };

    public Task<ProbeResult> RunAsync(PodState pod, RunningContainer running, PodContainer container, V1Probe probe, CancellationToken ct) => probe switch
    {
        { Exec: { } exec } => ExecAsync(running, exec.Command, ct),
        { HttpGet: { } http } => HttpAsync(pod, container, http, ct),
        { TcpSocket: { } tcp } => ConnectAsync(pod, container, tcp.Host, tcp.Port, ct),
        _ => Task.FromResult(new ProbeResult(false, "gRPC probes are not supported by LocalCluster")),
    };

    private static async Task<ProbeResult> SleepAsync(long seconds, CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), ct);
        return new ProbeResult(true, "");
    }

    private static async Task<ProbeResult> ConnectAsync(PodState pod, PodContainer container, string? host, IntOrString port, CancellationToken ct)
    {
        var endpoint = new IPEndPoint(Address(pod, host), Port(container, port));
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint, ct);
            return new ProbeResult(true, "");
        }
        catch (SocketException e)
        {
            return new ProbeResult(false, $"dial tcp {endpoint}: connect: {Reason(e)}");
        }
    }

    private static async Task<ProbeResult> HttpAsync(PodState pod, PodContainer container, V1HTTPGetAction action, CancellationToken ct)
    {
        var scheme = (action.Scheme ?? "HTTP").ToLowerInvariant();
        var path = string.IsNullOrEmpty(action.Path) ? "/" : action.Path.StartsWith('/') ? action.Path : "/" + action.Path;
        var url = $"{scheme}://{Address(pod, action.Host)}:{Port(container, action.Port).ToString(CultureInfo.InvariantCulture)}{path}";
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var header in action.HttpHeaders ?? [])
        {
            request.Headers.Remove(header.Name);
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        try
        {
            using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var code = (int)response.StatusCode;
            return new ProbeResult(code is >= 200 and < 400, $"HTTP probe failed with statuscode: {code.ToString(CultureInfo.InvariantCulture)}");
        }
        catch (HttpRequestException e)
        {
            var reason = e.InnerException is SocketException socket ? $"dial tcp {Address(pod, action.Host)}:{Port(container, action.Port)}: connect: {Reason(socket)}" : e.Message;
            return new ProbeResult(false, $"Get \"{url}\": {reason}");
        }
    }

    private static IPAddress Address(PodState pod, string? host) =>
        string.IsNullOrEmpty(host) ? pod.Sandbox!.Address : IPAddress.TryParse(host, out var address) ? address : Dns.GetHostAddresses(host)[0];

    private static int Port(PodContainer container, IntOrString port)
    {
        if (int.TryParse(port.Value, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return container.Definition.Ports?.FirstOrDefault(candidate => candidate.Name == port.Value)?.ContainerPort ?? 0;
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable => "no route to host",
        _ => e.Message,
    };

    private async Task<ProbeResult> ExecAsync(RunningContainer running, IList<string>? command, CancellationToken ct)
    {
        var handle = runtime.Exec(running.Spec, OciConfiguration.Process(running.Spec, [.. command ?? []], terminal: false), null);
        using var process = handle.Process;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            var startError = await handle.Ended.WaitAsync(ct);
            var text = startError ?? (await output + await errors);
            return new ProbeResult(process.ExitCode == 0, text.Length > LongestOutput ? text[..LongestOutput] : text);
        }
        catch (OperationCanceledException)
        {
            await handle.KillAsync();
            await handle.Ended;
            throw;
        }
    }
}
