using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Probes;

/// <summary>Runs the actions of probes and lifecycle hooks: a command in the container, an HTTP request, a connection, a gRPC health check, a pause.</summary>
internal sealed class HandlerRunner(OciRuntime runtime)
{
    private const int LongestOutput = 10 * 1024;
    private const string StatusCodeFailure = "HTTP probe failed with statuscode: ";

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
        { HttpGet: { } http } => HookRequestAsync(pod, container, http, ct),
        { Sleep: { } sleep } => SleepAsync(sleep.Seconds, ct),
        _ => Task.FromResult(new ProbeResult(false, "this kind of lifecycle handler is not supported by LocalCluster")),
    };

    public Task<ProbeResult> RunAsync(PodState pod, RunningContainer running, PodContainer container, V1Probe probe, TimeSpan timeout, CancellationToken ct) => probe switch
    {
        { Exec: { } exec } => ExecAsync(running, exec.Command, ct),
        { HttpGet: { } http } => HttpAsync(pod, container, http, ct),
        { TcpSocket: { } tcp } => ConnectAsync(pod, container, tcp.Host, tcp.Port, ct),
        { Grpc: { } grpc } => GrpcHealth.CheckAsync(new IPEndPoint(pod.Sandbox!.Address, grpc.Port), grpc.Service ?? "", timeout, ct),
        _ => Task.FromResult(new ProbeResult(false, "missing probe handler", Errored: true)),
    };

    private static async Task<ProbeResult> SleepAsync(long seconds, CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), ct);
        return new ProbeResult(true, "");
    }

    /// <summary>A hook's request succeeds with any answer: its status code is not looked at, as in the kubelet.</summary>
    private static async Task<ProbeResult> HookRequestAsync(PodState pod, PodContainer container, V1HTTPGetAction action, CancellationToken ct)
    {
        var result = await HttpAsync(pod, container, action, ct);
        return result.Output.StartsWith(StatusCodeFailure, StringComparison.Ordinal) ? result with { Success = true } : result;
    }

    private static async Task<ProbeResult> ConnectAsync(PodState pod, PodContainer container, string? host, IntOrString port, CancellationToken ct)
    {
        if (Port(container, port) is not { } number)
        {
            return NoSuchPort(port);
        }

        var endpoint = new IPEndPoint(Address(pod, host), number);
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
        if (Port(container, action.Port) is not { } port)
        {
            return NoSuchPort(action.Port);
        }

        var url = $"{scheme}://{Address(pod, action.Host)}:{port.ToString(CultureInfo.InvariantCulture)}{path}";
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
            return new ProbeResult(code is >= 200 and < 400, $"{StatusCodeFailure}{code.ToString(CultureInfo.InvariantCulture)}");
        }
        catch (HttpRequestException e)
        {
            var reason = e.InnerException is SocketException socket ? $"dial tcp {Address(pod, action.Host)}:{port}: connect: {Reason(socket)}" : e.Message;
            return new ProbeResult(false, $"Get \"{url}\": {reason}");
        }
    }

    private static IPAddress Address(PodState pod, string? host) =>
        string.IsNullOrEmpty(host) ? pod.Sandbox!.Address : IPAddress.TryParse(host, out var address) ? address : Dns.GetHostAddresses(host)[0];

    private static int? Port(PodContainer container, IntOrString port) =>
        int.TryParse(port.Value, CultureInfo.InvariantCulture, out var number)
            ? number
            : container.Definition.Ports?.FirstOrDefault(candidate => candidate.Name == port.Value)?.ContainerPort;

    private static ProbeResult NoSuchPort(IntOrString port) => new(false, $"strconv.Atoi: parsing \"{port.Value}\": invalid syntax", Errored: true);

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
            return new ProbeResult(startError is null && process.ExitCode == 0, text.Length > LongestOutput ? text[..LongestOutput] : text, Errored: startError is not null);
        }
        catch (OperationCanceledException)
        {
            await handle.KillAsync();
            await handle.Ended;
            throw;
        }
    }
}
