using System.Buffers;
using System.Text;
using System.Text.Json;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Querying;

/// <summary>
/// The log as Server-Sent Events (WHATWG HTML, section 9.2): <c>id</c> is the sequence, <c>event</c> the name of the event, <c>data</c> the
/// CloudEvent in JSON. Ends by itself after a while, so that a client shows its token again: it reconnects with
/// <c>Last-Event-ID</c> and misses nothing. A slow client holds up only its own stream.
/// </summary>
internal sealed class EventStream(LogReader log, LogSignal signal, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public const string ContentType = "text/event-stream";

    private const int PageSize = 200;
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(30);

    /// <summary>Proxies close connections that are silent for a minute.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(HttpContext context, LogFilter filter, long after)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        end.CancelAfter(Age);
        context.Response.ContentType = ContentType;
        try
        {
            await WriteAsync(context.Response, filter, after, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has gone, the service stops, or it is time to show the token again.
        }
    }

    private async Task WriteAsync(HttpResponse response, LogFilter filter, long after, CancellationToken cancellationToken)
    {
        await WriteAsync(response, "retry: 1000\n\n", cancellationToken);
        var spoken = clock.GetTimestamp();
        while (true)
        {
            var page = await log.PageAsync(filter, after, PageSize, cancellationToken);
            if (page.BeginsAfter(after))
            {
                return; // archived meanwhile; the client's next request gets the 410 that says so
            }

            var text = string.Concat(page.Entries.Select(TextOf));
            if (text.Length == 0 && clock.GetElapsedTime(spoken) > LongestSilence)
            {
                text = ": still here\n\n";
            }

            if (text.Length > 0)
            {
                await WriteAsync(response, text, cancellationToken);
                spoken = clock.GetTimestamp();
            }

            after = page.Next;
            if (after >= filter.Upto)
            {
                return; // that was all there will ever be
            }

            if (!page.More)
            {
                await signal.WaitAsync(after, cancellationToken);
            }
        }
    }

    private static string TextOf(LogEntry entry)
    {
        if (CloudEvent.From(entry) is not { } cloudEvent)
        {
            return "";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            cloudEvent.WriteTo(json);
        }

        // Every line of the data begins with "data:": an event may have been published with line breaks between its members.
        var data = Encoding.UTF8.GetString(buffer.WrittenSpan).ReplaceLineEndings("\ndata: ");
        return $"id: {entry.Sequence}\nevent: {entry.Type}\ndata: {data}\n\n";
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
