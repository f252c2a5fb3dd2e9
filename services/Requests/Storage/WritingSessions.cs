using System.Diagnostics;
using Marten;

namespace Workspaces.Requests.Storage;

/// <summary>Sessions that append events.</summary>
public static class WritingSessions
{
    /// <summary>Header of stored events: W3C trace context of who caused them, so that publishing later continues their trace.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>A session whose events remember the current trace.</summary>
    public static IDocumentSession WritingSession(this IDocumentStore store)
    {
        var session = store.LightweightSession();
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            session.SetHeader(TraceParent, id);
        }

        return session;
    }
}
