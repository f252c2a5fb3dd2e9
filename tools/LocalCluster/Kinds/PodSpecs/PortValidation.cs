using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Ports of containers, and those that they take on the node.</summary>
internal static class PortValidation
{
    public static void OfContainer(JsonObject container, string at, List<FieldError> errors)
    {
        var names = new HashSet<string>();
        var index = 0;
        foreach (var port in container.Objects("ports"))
        {
            var field = $"{at}.ports[{index++}]";
            if (port.Text("name") is { Length: > 0 } name)
            {
                var problems = Names.PortNameProblems(name).ToList();
                errors.AddRange(problems.Select(p => FieldError.Invalid($"{field}.name", FieldError.Quote(name), p)));
                if (problems.Count == 0 && !names.Add(name))
                {
                    errors.Add(FieldError.Duplicate($"{field}.name", FieldError.Quote(name)));
                }
            }

            if ((port.Number("containerPort") ?? 0) == 0)
            {
                errors.Add(FieldError.Required($"{field}.containerPort"));
            }
            else
            {
                PortRules.Number(port.Number("containerPort")!.Value, $"{field}.containerPort", errors);
            }

            if (port.Number("hostPort") is not (null or 0) and var host)
            {
                PortRules.Number(host.Value, $"{field}.hostPort", errors);
            }

            PortRules.Protocol(port, field, errors);
        }
    }

    /// <summary>Two containers cannot have the same port of the node.</summary>
    public static void HostPorts(IReadOnlyList<JsonObject> containers, string at, List<FieldError> errors)
    {
        var taken = new HashSet<string>();
        for (var i = 0; i < containers.Count; i++)
        {
            var index = 0;
            foreach (var port in containers[i].Objects("ports"))
            {
                var field = $"{at}[{i}].ports[{index++}].hostPort";
                var key = $"{port.Text("protocol")}/{port.Text("hostIP")}/{port.Number("hostPort")}";
                if ((port.Number("hostPort") ?? 0) != 0 && !taken.Add(key))
                {
                    errors.Add(FieldError.Duplicate(field, FieldError.Quote(key)));
                }
            }
        }
    }

    /// <summary>On the node's network a port is the node's port.</summary>
    public static void OnHostNetwork(PodSpecContext pod, bool isTemplate, List<FieldError> errors)
    {
        if (pod.Spec.Flag("hostNetwork") != true)
        {
            return;
        }

        var containers = pod.Spec.Objects("containers").ToList();
        for (var i = 0; i < containers.Count; i++)
        {
            var index = 0;
            foreach (var port in containers[i].Objects("ports"))
            {
                var host = port.Number("hostPort") ?? 0;
                if ((!isTemplate || host != 0) && host != port.Number("containerPort"))
                {
                    errors.Add(FieldError.Invalid($"{pod.At}.containers[{i}].ports[{index}].hostPort", $"{host}", "must match `containerPort` when `hostNetwork` is true"));
                }

                index++;
            }
        }
    }
}
