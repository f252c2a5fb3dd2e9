using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Workspaces.LocalCluster.Node.Probes;

/// <summary>
/// Asks a server for its health by the gRPC health checking protocol (https://github.com/grpc/grpc/blob/master/doc/health-checking.md), over HTTP/2 without TLS as the
/// kubelet does. The one request and response of the protocol are written and read here: a field each.
/// </summary>
internal static class GrpcHealth
{
    private const int FrameHeader = 5;
    private const int LongestResponse = 64 * 1024;
    private const byte ServiceField = (1 << 3) | 2;
    private const byte StatusField = 1 << 3;

    private static readonly string[] StatusNames = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });

    public static async Task<ProbeResult> CheckAsync(IPEndPoint address, string service, TimeSpan timeout, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{address}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(service)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
        try
        {
            using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new ProbeResult(false, $"error: health rpc probe failed: unexpected HTTP status code {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}");
            }

            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return Read(body, Header(response, "grpc-status"), Header(response, "grpc-message"));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException)
        {
            return new ProbeResult(false, $"timeout: failed to connect service \"{address}\" within {Seconds(timeout)}: context deadline exceeded");
        }
        catch (HttpRequestException e)
        {
            return new ProbeResult(false, $"error: health rpc probe failed: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return new ProbeResult(false, $"timeout: health rpc did not complete within {Seconds(timeout)}");
        }
    }

    private static string Seconds(TimeSpan timeout) => string.Create(CultureInfo.InvariantCulture, $"{timeout.TotalSeconds:0}s");

    private static string? Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    /// <summary>HealthCheckRequest { string service = 1; } behind gRPC's header: not compressed, length.</summary>
    private static byte[] Frame(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var message = new List<byte>();
        if (name.Length > 0)
        {
            message.Add(ServiceField);
            for (var length = (uint)name.Length; ; length >>= 7)
            {
                message.Add((byte)(length > 0x7F ? (length & 0x7F) | 0x80 : length));
                if (length <= 0x7F)
                {
                    break;
                }
            }

            message.AddRange(name);
        }

        var frame = new byte[FrameHeader + message.Count];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Count);
        message.CopyTo(frame, FrameHeader);
        return frame;
    }

    /// <summary>HealthCheckResponse { ServingStatus status = 1; }: a default value (UNKNOWN) is left out on the wire.</summary>
    private static ProbeResult Read(byte[] body, string? code, string? message)
    {
        if (code is not (null or "0"))
        {
            return new ProbeResult(false, code == "12"
                ? $"error: this server does not implement the grpc health protocol (grpc.health.v1.Health): {message}"
                : $"error: health rpc probe failed: rpc error: code = {CodeName(code)} desc = {message}");
        }

        if (body.Length is < FrameHeader or > LongestResponse || BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)) != body.Length - FrameHeader || body[0] != 0)
        {
            return new ProbeResult(false, "error: health rpc probe failed: rpc error: code = Internal desc = the response is no gRPC message");
        }

        var status = body.Length >= FrameHeader + 2 && body[FrameHeader] == StatusField ? body[FrameHeader + 1] : 0;
        var name = status < StatusNames.Length ? StatusNames[status] : status.ToString(CultureInfo.InvariantCulture);
        return new ProbeResult(name == "SERVING", name == "SERVING" ? "service healthy" : $"service unhealthy (responded with \"{name}\")");
    }

    private static string CodeName(string code) => code switch
    {
        "2" => "Unknown",
        "3" => "InvalidArgument",
        "4" => "DeadlineExceeded",
        "5" => "NotFound",
        "7" => "PermissionDenied",
        "8" => "ResourceExhausted",
        "13" => "Internal",
        "14" => "Unavailable",
        "16" => "Unauthenticated",
        _ => $"Code({code})",
    };
}
