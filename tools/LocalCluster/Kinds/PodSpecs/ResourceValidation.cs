using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Requests and limits of containers and of whole pods.</summary>
internal static class ResourceValidation
{
    private static readonly string[] OfPods = ["cpu", "hugepages-", "memory"];
    private static readonly string[] Resizable = ["cpu", "memory"];
    private static readonly string[] ResizePolicies = ["NotRequired", "RestartContainer"];

    public static void OfContainer(JsonObject container, string at, PodSpecContext pod, List<FieldError> errors) =>
        Requirements(container["resources"], $"{at}.resources", ResourceNames.InContainer, pod, errors);

    /// <summary>The pod's own resources, which its containers share.</summary>
    public static void OfPod(PodSpecContext pod, List<FieldError> errors)
    {
        if (pod.Spec["resources"] is not JsonObject own)
        {
            return;
        }

        var at = $"{pod.At}.resources";
        if (own["claims"] is not null)
        {
            errors.Add(FieldError.Forbidden($"{at}.claims", "claims may not be set for Resources at pod-level"));
        }

        Requirements(own, at, PodResource, pod, errors);
        Consistency(pod.Spec, own, at, errors);
    }

    public static void ResizePolicy(JsonObject container, string at, PodSpecContext pod, List<FieldError> errors)
    {
        var seen = new HashSet<string>();
        var field = $"{at}.resizePolicy";
        var index = 0;
        foreach (var policy in container.Objects("resizePolicy"))
        {
            var resource = policy.Text("resourceName") ?? "";
            if (!seen.Add(resource))
            {
                errors.Add(FieldError.Duplicate($"{field}[{index}]", FieldError.Quote(resource)));
            }

            index++;
            One(resource, Resizable);
            var restart = policy.Text("restartPolicy") ?? "";
            One(restart, ResizePolicies);
            if (pod.RestartPolicy == "Never" && restart != "NotRequired")
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote(restart), "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
            }
        }

        void One(string value, string[] supported)
        {
            if (value.Length == 0)
            {
                errors.Add(FieldError.Required(field));
            }
            else if (!supported.Contains(value))
            {
                errors.Add(FieldError.NotSupported(field, FieldError.Quote(value), supported));
            }
        }
    }

    private static void Requirements(
        JsonNode? resources, string at, Action<string, string, List<FieldError>> checkName, PodSpecContext pod, List<FieldError> errors)
    {
        var (limits, requests) = (Amounts.Of(resources.At("limits")), Amounts.Of(resources.At("requests")));
        foreach (var (name, limit) in limits)
        {
            Amount(name, limit, $"{at}.limits[{name}]", checkName, errors);
            HugePages(name, limit, $"{at}.limits[{name}]", errors);
        }

        foreach (var (name, request) in requests)
        {
            Amount(name, request, $"{at}.requests[{name}]", checkName, errors);
            Overcommit(name, request, limits, at, errors);
            HugePages(name, request, $"{at}.requests[{name}]", errors);
        }

        var all = limits.Keys.Concat(requests.Keys).ToList();
        if (all.Exists(ResourceNames.IsHugePages) && !all.Exists(n => n is "cpu" or "memory"))
        {
            errors.Add(FieldError.Forbidden(at, "HugePages require cpu or memory"));
        }

        var index = 0;
        foreach (var claim in resources.Objects("claims"))
        {
            if (claim.Text("name") is { } name && !pod.Claims.Contains(name))
            {
                var known = pod.Claims.Count == 0 ? "which is empty" : $"which are {string.Join(", ", pod.Claims.Select(FieldError.Quote))}";
                errors.Add(new FieldError(
                    "FieldValueNotFound", $"{at}.claims[{index}]", $"Not found: {FieldError.Quote(name)}: must be one of the names in pod.spec.resourceClaims {known}"));
            }

            index++;
        }
    }

    private static void Amount(string name, Quantity quantity, string at, Action<string, string, List<FieldError>> checkName, List<FieldError> errors)
    {
        checkName(name, at, errors);
        if (quantity < Quantity.Zero)
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(quantity.ToString()), "must be greater than or equal to 0"));
        }

        if (ResourceNames.IsWhole(name) && quantity.RoundedUp != quantity)
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(quantity.ToString()), "must be an integer"));
        }
    }

    private static void Overcommit(string name, Quantity request, Amounts limits, string at, List<FieldError> errors)
    {
        var allowed = ResourceNames.IsOvercommitAllowed(name);
        if (!limits.TryGetValue(name, out var limit))
        {
            if (!allowed)
            {
                errors.Add(FieldError.Required($"{at}.limits", "Limit must be set for non overcommitable resources"));
            }
        }
        else if (!allowed && request.CompareTo(limit) != 0)
        {
            errors.Add(FieldError.Invalid($"{at}.requests", FieldError.Quote(request.ToString()), $"must be equal to {name} limit of {limit}"));
        }
        else if (request > limit)
        {
            errors.Add(FieldError.Invalid($"{at}.requests", FieldError.Quote(request.ToString()), $"must be less than or equal to {name} limit of {limit}"));
        }
    }

    private static void HugePages(string name, Quantity quantity, string at, List<FieldError> errors)
    {
        if (ResourceNames.IsHugePages(name) && Quantity.TryParse(name["hugepages-".Length..], out var page)
            && (page <= Quantity.Zero || quantity.Nano % page.Nano != 0))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(quantity.ToString()), $"{quantity} is not positive integer multiple of {name}"));
        }
    }

    private static void PodResource(string name, string at, List<FieldError> errors)
    {
        ResourceNames.Any(name, at, errors);
        if (!PodResources.IsForPods(name))
        {
            errors.Add(FieldError.NotSupported(at, FieldError.Quote(name), OfPods));
        }
    }

    /// <summary>The containers must fit into their pod.</summary>
    private static void Consistency(JsonObject spec, JsonObject own, string at, List<FieldError> errors)
    {
        var (requests, limits) = (Amounts.Of(own["requests"]), Amounts.Of(own["limits"]));
        foreach (var (name, sum) in PodResources.OfContainers(spec, "requests"))
        {
            if (requests.TryGetValue(name, out var request) && sum > request)
            {
                errors.Add(FieldError.Invalid(
                    $"{at}.requests[{name}]", FieldError.Quote(request.ToString()), $"must be greater than or equal to aggregate container requests of {sum}"));
            }
        }

        foreach (var (name, sum) in PodResources.OfContainers(spec, "limits").Where(l => ResourceNames.IsHugePages(l.Key)))
        {
            if (limits.TryGetValue(name, out var limit) && sum > limit)
            {
                errors.Add(FieldError.Invalid(
                    $"{at}.limits[{name}]", FieldError.Quote(limit.ToString()), $"must be greater than or equal to aggregate container limits of {sum}"));
            }
        }

        var index = 0;
        foreach (var container in spec.Objects("containers"))
        {
            foreach (var (name, limit) in Amounts.Of(container.At("resources", "limits")))
            {
                if (limits.TryGetValue(name, out var most) && limit > most)
                {
                    errors.Add(FieldError.Invalid(
                        $"{at}.containers[{index}][{name}].limits", FieldError.Quote(limit.ToString()), $"must be less than or equal to pod limits of {most}"));
                }
            }

            index++;
        }
    }
}
