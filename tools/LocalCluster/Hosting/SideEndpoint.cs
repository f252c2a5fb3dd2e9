using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Faults;

namespace Workspaces.LocalCluster.Hosting;

/// <summary>
/// What is not part of Kubernetes, over plain HTTP on loopback: this process's health, and faults for tests. Faults need the token that stands
/// beside the kubeconfig, in a file that only its owner may read. A page in a browser cannot use them: it does not have the token, and a
/// request that names an origin, or a host that is not loopback (a rebound name), is refused before anything is looked at.
/// </summary>
internal sealed class SideEndpoint(FaultApi faults, LocalClusterOptions options)
{
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where tests find the address and the token: <c>{"url": "http://127.0.0.1:6444", "token": "..."}</c>.</summary>
    public static string FileBeside(string kubeconfig) => kubeconfig + ".faults";

    public void Announce(string url) =>
        PrivateFile.Write(FileBeside(options.KubeconfigFile), new JsonObject { ["url"] = url, ["token"] = _token }.ToJsonString());

    public async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        if (path is "/health/live" or "/health/ready")
        {
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync("Healthy");
            return;
        }

        var (code, answer) = await AnswerAsync(http, path);
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString() + "\n");
    }

    private async Task<(int Code, JsonObject Answer)> AnswerAsync(HttpContext http, string path)
    {
        try
        {
            CheckCaller(http.Request);
            if (path != "/faults" && !path.StartsWith("/faults/", StringComparison.Ordinal))
            {
                throw new FaultException(404, "There is nothing here but /health/live, /health/ready and /faults.");
            }

            return (200, await faults.HandleAsync(http.Request, path));
        }
        catch (FaultException e)
        {
            return (e.Code, new JsonObject { ["error"] = e.Message });
        }
    }

    private void CheckCaller(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
        {
            throw new FaultException(403, "Faults are for this machine: the Host of the request must be a loopback address or localhost.");
        }

        if (request.Headers.ContainsKey("Origin") || request.Headers.ContainsKey("Sec-Fetch-Site"))
        {
            throw new FaultException(403, "Faults are not for browsers.");
        }

        var given = request.Headers.Authorization.ToString();
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes($"Bearer {_token}")))
        {
            throw new FaultException(401, $"Faults need the token of {FileBeside(options.KubeconfigFile)}: Authorization: Bearer TOKEN.");
        }
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
