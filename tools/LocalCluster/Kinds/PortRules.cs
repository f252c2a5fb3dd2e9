using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Ports of containers and Services.</summary>
internal static class PortRules
{
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void ServicePort(JsonObject port, string field, bool needsName, HashSet<string> names, List<FieldError> errors)
    {
        var name = port.Text("name") ?? "";
        if (name.Length == 0 && needsName)
        {
            errors.Add(FieldError.Required($"{field}.name"));
        }
        else if (name.Length > 0)
        {
            if (Names.WrongLabel(name) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{field}.name", FieldError.Quote(name), wrong));
            }
            else if (!names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{field}.name", FieldError.Quote(name)));
            }
        }

        Number(port.Number("port") ?? 0, $"{field}.port", errors);
        Protocol(port, field, errors);
        Checks.Port(port["targetPort"], $"{field}.targetPort", errors);
        if (port.Text("appProtocol") is { } application)
        {
            Checks.QualifiedName(application, $"{field}.appProtocol", errors);
        }
    }

    public static void Number(long port, string field, List<FieldError> errors)
    {
        if (port is < 1 or > 65535)
        {
            errors.Add(FieldError.Invalid(field, $"{port}", "must be between 1 and 65535, inclusive"));
        }
    }

    public static void Protocol(JsonObject port, string field, List<FieldError> errors)
    {
        var protocol = port.Text("protocol") ?? "";
        if (protocol.Length == 0)
        {
            errors.Add(FieldError.Required($"{field}.protocol"));
        }
        else if (!Protocols.Contains(protocol))
        {
            errors.Add(FieldError.NotSupported($"{field}.protocol", FieldError.Quote(protocol), Protocols));
        }
    }
}
