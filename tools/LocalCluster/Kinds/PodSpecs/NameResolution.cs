using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>How a pod finds others and is found: DNS, hosts file, its own name.</summary>
internal static partial class NameResolution
{
    private const string SearchForm = @"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*";
    private const int MostServers = 3;
    private const int MostSearches = 32;

    public static void Dns(JsonObject spec, string at, List<FieldError> errors)
    {
        var config = spec["dnsConfig"];
        var servers = config.At("nameservers") as JsonArray ?? [];
        if (spec.Text("dnsPolicy") == "None" && servers.Count == 0)
        {
            errors.Add(config is null
                ? FieldError.Required(at, "must provide `dnsConfig` when `dnsPolicy` is None")
                : FieldError.Required($"{at}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None"));
            return;
        }

        if (servers.Count > MostServers)
        {
            errors.Add(FieldError.Invalid($"{at}.nameservers", GoStructs.Any(servers), $"must not have more than {MostServers} nameservers"));
        }

        for (var i = 0; i < servers.Count; i++)
        {
            Checks.Address((string?)servers[i] ?? "", $"{at}.nameservers[{i}]", errors);
        }

        var searches = config.At("searches") as JsonArray ?? [];
        if (searches.Count > MostSearches)
        {
            errors.Add(FieldError.Invalid($"{at}.searches", GoStructs.Any(searches), $"must not have more than {MostSearches} search paths"));
        }

        for (var i = 0; i < searches.Count; i++)
        {
            var search = (string?)searches[i] ?? "";
            if (search != "." && !Search().IsMatch(search.EndsWith('.') ? search[..^1] : search))
            {
                errors.Add(FieldError.Invalid(
                    $"{at}.searches[{i}]", FieldError.Quote(search),
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric "
                    + $"character (e.g. 'example.com', regex used for validation is '{SearchForm}')"));
            }
        }

        var index = 0;
        foreach (var option in config.Objects("options"))
        {
            if (string.IsNullOrEmpty(option.Text("name")))
            {
                errors.Add(FieldError.Required($"{at}.options[{index}]", "must not be empty"));
            }

            index++;
        }
    }

    public static void HostAliases(JsonObject spec, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var alias in spec.Objects("hostAliases"))
        {
            var field = $"{at}[{index++}]";
            Checks.Address(alias.Text("ip") ?? "", $"{field}.ip", errors);
            var names = alias["hostnames"] as JsonArray ?? [];
            for (var i = 0; i < names.Count; i++)
            {
                if (Names.WrongSubdomain((string?)names[i] ?? "") is { } wrong)
                {
                    errors.Add(FieldError.Invalid($"{field}.hostnames[{i}]", FieldError.Quote((string?)names[i]), wrong));
                }
            }
        }
    }

    [GeneratedRegex($"^{SearchForm}$", RegexOptions.CultureInvariant)]
    private static partial Regex Search();
}
