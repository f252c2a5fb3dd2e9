using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Faults;

/// <summary>A fault of requests as the side endpoint shows it.</summary>
internal static class FaultView
{
    public static JsonObject Of(RequestFault fault)
    {
        var settings = fault.Settings;
        var view = new JsonObject
        {
            ["id"] = fault.Id,
            ["kind"] = fault.Kind.ToString().ToLowerInvariant(),
            ["rate"] = settings.Rate,
            ["seed"] = settings.Seed,
            ["times"] = settings.Times,
            ["struck"] = fault.Struck,
            ["verbs"] = Texts(settings.Match.Verbs),
            ["resources"] = Texts(settings.Match.Resources),
            ["namespaces"] = Texts(settings.Match.Namespaces),
            ["userAgents"] = Texts(settings.Match.UserAgents),
        };
        switch (fault.Kind)
        {
            case FaultKind.Answer:
                view["code"] = settings.Code;
                view["inStream"] = settings.InStream;
                break;
            case FaultKind.Latency:
                view["milliseconds"] = settings.Milliseconds;
                view["jitterMilliseconds"] = settings.JitterMilliseconds;
                break;
            default:
                view["afterBytes"] = settings.AfterBytes;
                break;
        }

        return view;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
