using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>
/// Writes Events about objects, as client-go's recorder does (see <see cref="EventCorrelator"/>). Events are forgotten after an hour.
/// </summary>
internal sealed class EventRecorder(ObjectStore store, ObjectWriter writer, ObjectRemover remover, TimeProvider clock, ILogger<EventRecorder> log)
{
    private readonly EventCorrelator _correlator = new(clock);

    /// <summary>How long an event is kept after it was last said.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public void Record(JsonObject involved, string type, string reason, string message, string component)
    {
        var about = new JsonObject
        {
            ["apiVersion"] = involved.Text("apiVersion"),
            ["kind"] = involved.Text("kind"),
            ["name"] = involved.Text("metadata", "name"),
            ["namespace"] = involved.Text("metadata", "namespace"),
            ["resourceVersion"] = involved.Text("metadata", "resourceVersion"),
            ["uid"] = involved.Text("metadata", "uid"),
        };
        var ns = involved.Text("metadata", "namespace") ?? "default";
        try
        {
            lock (store.Gate)
            {
                Write(ns, about, type, reason, message, component);
            }
        }
        catch (ApiStatusException e)
        {
            // An event is never worth failing what it tells of; most often its namespace is being deleted.
            OperationLog.EventNotRecorded(log, reason, about.Text("kind") ?? "", about.Text("name") ?? "", e.Message);
        }
    }

    /// <summary>Removes the events that are too old.</summary>
    public void Expire()
    {
        var oldest = clock.GetUtcNow() - Lifetime;
        foreach (var stored in store.List(ResourceTypes.Events).ToList())
        {
            var last = stored.Json.Text("lastTimestamp") ?? stored.Json.Text("eventTime") ?? stored.Json.Text("metadata", "creationTimestamp")!;
            if (DateTimeOffset.Parse(last, CultureInfo.InvariantCulture) < oldest)
            {
                try
                {
                    remover.Delete(ResourceTypes.Events, stored.Namespace, stored.Name, new DeleteOptions());
                }
                catch (ApiStatusException e) when (e.IsNotFound)
                {
                    // Somebody else deleted it first.
                }
            }
        }
    }

    private void Write(string ns, JsonObject about, string type, string reason, string message, string component)
    {
        if (_correlator.Observe(about, component, type, reason, message) is not { } observed)
        {
            return;
        }

        var now = writer.Now();
        var options = new WriteOptions(Caller.System, component);
        if (observed.Count > 1 && store.Get(ResourceTypes.Events, ns, observed.Name) is { } same)
        {
            var again = same.Copy();
            again["count"] = (long)observed.Count;
            again["message"] = observed.Message;
            again["lastTimestamp"] = now;
            writer.Update(ResourceTypes.Events, ns, same.Name, again, null, options);
            return;
        }

        writer.Create(ResourceTypes.Events, ns, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = observed.Name, ["namespace"] = ns },
            ["involvedObject"] = about,
            ["reason"] = reason,
            ["message"] = observed.Message,
            ["type"] = type,
            ["source"] = new JsonObject { ["component"] = component },
            ["reportingComponent"] = component,
            ["firstTimestamp"] = observed.First.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["lastTimestamp"] = now,
            ["count"] = (long)observed.Count,
        }, options);
    }
}
