using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Probes and lifecycle hooks: what they do, and their numbers.</summary>
internal static class HandlerValidation
{
    private static readonly string[] OfProbes = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] OfHooks = ["exec", "httpGet", "tcpSocket", "sleep"];
    private static readonly string[] Schemes = ["HTTP", "HTTPS"];
    private static readonly string[] Numbers = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static void OfContainer(JsonObject container, string at, PodSpecContext pod, List<FieldError> errors)
    {
        if (container["lifecycle"] is JsonObject lifecycle)
        {
            Lifecycle(lifecycle, $"{at}.lifecycle", pod, errors);
        }

        Probe(container["livenessProbe"], $"{at}.livenessProbe", mustBeOne: true, errors);
        Probe(container["readinessProbe"], $"{at}.readinessProbe", mustBeOne: false, errors);
        if (container.At("readinessProbe", "terminationGracePeriodSeconds") is { } grace)
        {
            errors.Add(FieldError.Invalid($"{at}.readinessProbe.terminationGracePeriodSeconds", $"{grace}", "must not be set for readinessProbes"));
        }

        Probe(container["startupProbe"], $"{at}.startupProbe", mustBeOne: true, errors);
    }

    private static void Lifecycle(JsonObject lifecycle, string at, PodSpecContext pod, List<FieldError> errors)
    {
        foreach (var hook in new[] { lifecycle["postStart"], lifecycle["preStop"] }.OfType<JsonObject>())
        {
            Handler(hook, OfHooks, $"{at}.{hook.GetPropertyName()}", pod.Grace, errors);
        }
    }

    private static void Probe(JsonNode? node, string at, bool mustBeOne, List<FieldError> errors)
    {
        if (node is not JsonObject probe)
        {
            return;
        }

        Handler(probe, OfProbes, at, null, errors);
        foreach (var number in Numbers)
        {
            Checks.NotNegative(probe, number, at, errors);
        }

        if (probe.Number("terminationGracePeriodSeconds") is <= 0 and var grace)
        {
            errors.Add(FieldError.Invalid($"{at}.terminationGracePeriodSeconds", $"{grace}", "must be greater than 0"));
        }

        if (mustBeOne && (probe.Number("successThreshold") ?? 0) != 1)
        {
            errors.Add(FieldError.Invalid($"{at}.successThreshold", $"{probe.Number("successThreshold") ?? 0}", "must be 1"));
        }
    }

    private static void Handler(JsonObject handler, string[] kinds, string at, long? grace, List<FieldError> errors)
    {
        var given = kinds.Where(k => handler[k] is JsonObject).ToList();
        if (given.Count > 0)
        {
            Action(handler[given[0]]!.AsObject(), given[0], $"{at}.{given[0]}", grace, errors);
        }

        errors.AddRange(given.Skip(1).Select(k => FieldError.Forbidden($"{at}.{k}", "may not specify more than 1 handler type")));
        if (given.Count == 0)
        {
            errors.Add(FieldError.Required(at, "must specify a handler type"));
        }
    }

    private static void Action(JsonObject action, string kind, string at, long? grace, List<FieldError> errors)
    {
        switch (kind)
        {
            case "exec":
                if (action["command"] is not JsonArray { Count: > 0 })
                {
                    errors.Add(FieldError.Required($"{at}.command"));
                }

                break;
            case "httpGet":
                Checks.Given(action, "path", at, errors);
                Checks.Port(action["port"], $"{at}.port", errors);
                Checks.Known(action, "scheme", at, Schemes, errors);
                foreach (var name in action.Objects("httpHeaders").Select(h => h.Text("name") ?? "").Where(n => n.Length == 0 || n.Any(c => c != '-' && !char.IsAsciiLetterOrDigit(c))))
                {
                    errors.Add(FieldError.Invalid(
                        $"{at}.httpHeaders", FieldError.Quote(name),
                        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"));
                }

                break;
            case "sleep":
                if (grace is { } limit && action.Number("seconds") is { } seconds && (seconds < 0 || seconds > limit))
                {
                    errors.Add(FieldError.Invalid(at, $"{seconds}", $"must be non-negative and less than terminationGracePeriodSeconds ({limit})"));
                }

                break;
            default:
                Checks.Port(action["port"], $"{at}.port", errors);
                break;
        }
    }
}
