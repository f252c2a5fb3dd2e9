using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving.Protobuf;

namespace Workspaces.LocalCluster.Serving;

/// <summary>The form in which a client wants objects: as they are, as rows for people, or their metadata alone. Taken from Accept,
/// with the encoding: JSON or protobuf (rows are JSON only).</summary>
internal sealed record RequestedForm(string As, bool WholeObjects, bool Protobuf = false)
{
    public const string Objects = "";
    public const string Table = "Table";
    public const string Metadata = "PartialObjectMetadata";

    public bool IsPlain => As == Objects;

    /// <summary>The first form in Accept that we can give; 406 where there is none.</summary>
    public static RequestedForm Of(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return new RequestedForm(Objects, false);
        }

        foreach (var offer in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = offer.Split(';', StringSplitOptions.TrimEntries);
            var protobuf = parts[0] == ProtobufObjects.MediaType;
            if (!protobuf && parts[0] is not ("application/json" or "*/*" or "application/*" or "application/yaml"))
            {
                continue;
            }

            var form = parts.FirstOrDefault(p => p.StartsWith("as=", StringComparison.Ordinal))?[3..] ?? Objects;
            var version = parts.FirstOrDefault(p => p.StartsWith("v=", StringComparison.Ordinal))?[2..];
            if (form.Length > 0 && version != "v1")
            {
                continue;
            }

            switch (form)
            {
                case Table when protobuf:
                    continue;
                case Objects or Table:
                    return new RequestedForm(form, request.Query["includeObject"].ToString() == "Object", protobuf);
                case Metadata or "PartialObjectMetadataList":
                    return new RequestedForm(Metadata, false, protobuf);
            }
        }

        throw new ApiStatusException(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    public static JsonObject MetadataOf(JsonObject obj) => new()
    {
        ["kind"] = Metadata,
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = obj["metadata"]?.DeepClone(),
    };
}
