using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;
using Workspaces.LocalCluster.Tables;

namespace Workspaces.LocalCluster.Serving;

/// <summary>The events of one watch in the form that its client asked for. Of tables only the first says what its columns are.</summary>
internal sealed class WatchStream(HttpResponse response, ResourceType type, RequestedForm form)
{
    private bool _hasColumns;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        response.ContentType = WatchFrame.ContentType(form);
        return response.StartAsync(cancellationToken);
    }

    public async Task FlushAsync(CancellationToken cancellationToken) => await response.BodyWriter.FlushAsync(cancellationToken);

    public void Write(string what, StoredObject stored)
    {
        if (!form.Protobuf && form.As is not (RequestedForm.Table or RequestedForm.Metadata))
        {
            WatchFrame.WriteLine(response, what, stored.Utf8);
            return;
        }

        WatchFrame.Write(response, form, what, form.As switch
        {
            RequestedForm.Table when !form.Protobuf =>
                Table([stored.Json], form.WholeObjects, new JsonObject { ["resourceVersion"] = stored.Json.Text("metadata", "resourceVersion") }),
            RequestedForm.Metadata => RequestedForm.MetadataOf(stored.Json),
            _ => stored.Json,
        });
    }

    public void WriteBookmark(long version, bool initialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var bookmark = new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion, ["metadata"] = metadata };
        WatchFrame.Write(response, form, "BOOKMARK", form.As switch
        {
            RequestedForm.Table => Table([], false, metadata.DeepClone().AsObject()),
            RequestedForm.Metadata => RequestedForm.MetadataOf(bookmark),
            _ => bookmark,
        });
    }

    private JsonObject Table(IReadOnlyList<JsonObject> objects, bool wholeObjects, JsonObject metadata)
    {
        var table = TableWriter.Of(type, objects, wholeObjects, metadata);
        if (_hasColumns)
        {
            table["columnDefinitions"] = null;
        }

        _hasColumns = true;
        return table;
    }
}
