using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What makes a container invalid: of any kind, and of init and ephemeral ones, which may do less.</summary>
internal static class ContainerValidation
{
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] MessagePolicies = ["FallbackToLogsOnError", "File"];
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] NotForEphemeral = ["lifecycle", "livenessProbe", "ports", "readinessProbe", "startupProbe"];

    public static void Container(JsonObject container, string at, Dictionary<string, JsonObject> volumes, HashSet<string> names, List<FieldError> errors)
    {
        Any(container, at, volumes, names, errors);
        Probe(container, "livenessProbe", at, errors);
        Probe(container, "readinessProbe", at, errors);
        Probe(container, "startupProbe", at, errors);
    }

    public static void InitContainer(JsonObject container, string at, Dictionary<string, JsonObject> volumes, HashSet<string> names, List<FieldError> errors)
    {
        Any(container, at, volumes, names, errors);
        if (container.Text("restartPolicy") == "Always")
        {
            Probe(container, "livenessProbe", at, errors);
            Probe(container, "readinessProbe", at, errors);
            Probe(container, "startupProbe", at, errors);
            return;
        }

        foreach (var name in new[] { "lifecycle", "livenessProbe", "readinessProbe", "startupProbe" })
        {
            if (container[name] is not null)
            {
                errors.Add(FieldError.Forbidden($"{at}.{name}", "may not be set for init containers without restartPolicy=Always"));
            }
        }
    }

    public static void Ephemeral(
        JsonObject container, string at, Dictionary<string, JsonObject> volumes, HashSet<string> names, List<JsonObject> containers, List<FieldError> errors)
    {
        Any(container, at, volumes, names, errors);
        foreach (var name in NotForEphemeral)
        {
            if (container[name] is not null)
            {
                errors.Add(FieldError.Forbidden($"{at}.{name}", "cannot be set for an Ephemeral Container"));
            }
        }

        if (container["resources"] is JsonObject { Count: > 0 })
        {
            errors.Add(FieldError.Forbidden($"{at}.resources", "cannot be set for an Ephemeral Container"));
        }

        if (container.Text("targetContainerName") is { Length: > 0 } target && !containers.Exists(c => c.Text("name") == target))
        {
            errors.Add(FieldError.NotFound($"{at}.targetContainerName", FieldError.Quote(target)));
        }
    }

    private static void Any(JsonObject container, string at, Dictionary<string, JsonObject> volumes, HashSet<string> names, List<FieldError> errors)
    {
        var name = container.Text("name") ?? "";
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.name"));
        }
        else if (Names.WrongLabel(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{at}.name", FieldError.Quote(name), wrong));
        }
        else if (!names.Add(name))
        {
            errors.Add(FieldError.Duplicate($"{at}.name", FieldError.Quote(name)));
        }

        var image = container.Text("image") ?? "";
        if (image.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.image"));
        }
        else if (image != image.Trim())
        {
            errors.Add(FieldError.Invalid($"{at}.image", FieldError.Quote(image), "must not have leading or trailing whitespace"));
        }

        PodValidation.OneOf(container, at, "imagePullPolicy", PullPolicies, errors);
        PodValidation.OneOf(container, at, "terminationMessagePolicy", MessagePolicies, errors);
        Ports(container, at, errors);
        Environment(container, at, errors);
        Mounts(container, at, volumes, errors);
        Resources(container, at, errors);
        SecurityContext(container["securityContext"], $"{at}.securityContext", errors);
    }

    private static void Ports(JsonObject container, string at, List<FieldError> errors)
    {
        var names = new HashSet<string>();
        var index = 0;
        foreach (var port in container.Objects("ports"))
        {
            var field = $"{at}.ports[{index++}]";
            if (port["containerPort"] is null)
            {
                errors.Add(FieldError.Required($"{field}.containerPort"));
            }
            else
            {
                PortRules.Number(port.Number("containerPort") ?? 0, $"{field}.containerPort", errors);
            }

            PortRules.Protocol(port, field, errors);
            if (port.Text("name") is { Length: > 0 } name && !names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{field}.name", FieldError.Quote(name)));
            }
            else if (port.Text("name") is { Length: > 15 } tooLong)
            {
                errors.Add(FieldError.Invalid($"{field}.name", FieldError.Quote(tooLong), "must be no more than 15 characters"));
            }
        }
    }

    private static void Environment(JsonObject container, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var variable in container.Objects("env"))
        {
            var field = $"{at}.env[{index++}]";
            var name = variable.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required($"{field}.name"));
            }
            else if (name.Contains('=') || name.Any(c => c is < ' ' or > '~'))
            {
                errors.Add(FieldError.Invalid($"{field}.name", FieldError.Quote(name), "a valid environment variable name must consist only of printable ASCII characters other than '='"));
            }

            if (variable["valueFrom"] is JsonObject from)
            {
                if (variable["value"] is not null)
                {
                    errors.Add(FieldError.Invalid($"{field}.valueFrom", "\"\"", "may not be specified when `value` is not empty"));
                }

                if (from.Count != 1)
                {
                    errors.Add(FieldError.Invalid($"{field}.valueFrom", "\"\"", from.Count == 0
                        ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
                        : "may not have more than one field specified at a time"));
                }
            }
        }
    }

    private static void Mounts(JsonObject container, string at, Dictionary<string, JsonObject> volumes, List<FieldError> errors)
    {
        var paths = new HashSet<string>();
        var index = 0;
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var field = $"{at}.volumeMounts[{index++}]";
            var name = mount.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required($"{field}.name"));
            }
            else if (!volumes.ContainsKey(name))
            {
                errors.Add(FieldError.NotFound($"{field}.name", FieldError.Quote(name)));
            }

            var path = mount.Text("mountPath") ?? "";
            if (path.Length == 0)
            {
                errors.Add(FieldError.Required($"{field}.mountPath"));
            }
            else if (!paths.Add(path))
            {
                errors.Add(FieldError.Invalid($"{field}.mountPath", FieldError.Quote(path), "must be unique"));
            }

            if (mount.Text("subPath") is { } sub && (sub.StartsWith('/') || sub.Split('/').Contains("..")))
            {
                errors.Add(FieldError.Invalid($"{field}.subPath", FieldError.Quote(sub), sub.StartsWith('/') ? "must be a relative path" : "must not contain '..'"));
            }
        }
    }

    private static void Resources(JsonObject container, string at, List<FieldError> errors)
    {
        foreach (var (resource, request) in container.At("resources", "requests") as JsonObject ?? [])
        {
            if (!Quantity.TryParse((string?)request ?? "", out var wanted))
            {
                continue;
            }

            if (wanted < Quantity.Zero)
            {
                errors.Add(FieldError.Invalid($"{at}.resources.requests[{resource}]", FieldError.Quote(wanted.ToString()), "must be greater than or equal to 0"));
            }

            if (container.Text("resources", "limits", resource) is { } text && Quantity.TryParse(text, out var limit) && wanted > limit)
            {
                errors.Add(FieldError.Invalid($"{at}.resources.requests", FieldError.Quote(wanted.ToString()), $"must be less than or equal to {resource} limit of {limit}"));
            }
        }
    }

    private static void SecurityContext(JsonNode? context, string at, List<FieldError> errors)
    {
        foreach (var name in new[] { "runAsUser", "runAsGroup" })
        {
            if (context.Number(name) is < 0 and var id)
            {
                errors.Add(FieldError.Invalid($"{at}.{name}", $"{id}", "must be between 0 and 2147483647, inclusive"));
            }
        }

        if (context.Flag("allowPrivilegeEscalation") == false)
        {
            if (context.Flag("privileged") == true)
            {
                errors.Add(FieldError.Invalid(at, "{}", "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
            }

            if ((context.At("capabilities", "add") as JsonArray ?? []).Any(c => (string?)c is "CAP_SYS_ADMIN" or "SYS_ADMIN"))
            {
                errors.Add(FieldError.Invalid(at, "{}", "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"));
            }
        }
    }

    private static void Probe(JsonObject container, string name, string at, List<FieldError> errors)
    {
        if (container[name] is not JsonObject probe)
        {
            return;
        }

        var field = $"{at}.{name}";
        var handlers = Handlers.Where(h => probe[h] is not null).ToList();
        if (handlers.Count == 0)
        {
            errors.Add(FieldError.Required(field, "must specify a handler type"));
        }
        else if (handlers.Count > 1)
        {
            errors.Add(FieldError.Forbidden($"{field}.{handlers[1]}", "may not specify more than 1 handler type"));
        }

        foreach (var number in new[] { "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold" })
        {
            if (probe.Number(number) is < 0 and var value)
            {
                errors.Add(FieldError.Invalid($"{field}.{number}", $"{value}", "must be greater than or equal to 0"));
            }
        }

        if (name != "readinessProbe" && probe.Number("successThreshold") is not (null or 1) and var threshold)
        {
            errors.Add(FieldError.Invalid($"{field}.successThreshold", $"{threshold}", "must be 1"));
        }

        if (probe["exec"] is JsonObject exec && exec["command"] is not JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Required($"{field}.exec.command"));
        }
    }
}
