using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>One address behind a Service, with the host name that it has in the cluster's names.</summary>
internal sealed record ServiceEndpoint(IPAddress Address, string HostName)
{
    /// <summary>
    /// The addresses that take connections: the ready ones, or, when there are none, those that still serve while they end
    /// (https://kubernetes.io/docs/concepts/services-networking/service/#traffic-to-terminating-endpoints).
    /// </summary>
    public static IReadOnlyList<ServiceEndpoint> Of(IEnumerable<JsonObject> slices, bool servingToo = true)
    {
        var all = slices.SelectMany(slice => slice.Objects("endpoints")).ToList();
        var ready = all.Where(endpoint => endpoint.Flag("conditions", "ready") != false).SelectMany(Addresses).ToList();
        return ready.Count > 0 || !servingToo ? ready : [.. all.Where(endpoint => endpoint.Flag("conditions", "serving") == true).SelectMany(Addresses)];
    }

    /// <summary>The port of the endpoints for a port of the Service, which the slices carry under the same name.</summary>
    public static int? Port(IEnumerable<JsonObject> slices, string? name) =>
        (int?)slices.SelectMany(slice => slice.Objects("ports")).FirstOrDefault(port => (port.Text("name") ?? "") == (name ?? ""))?.Number("port");

    private static IEnumerable<ServiceEndpoint> Addresses(JsonObject endpoint)
    {
        foreach (var text in (endpoint["addresses"] as JsonArray ?? []).Select(address => (string?)address))
        {
            if (IPAddress.TryParse(text, out var address))
            {
                yield return new ServiceEndpoint(address, endpoint.Text("hostname") is { Length: > 0 } name ? name : text.Replace('.', '-'));
            }
        }
    }
}
