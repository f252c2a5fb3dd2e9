using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>
/// Makes one attempt to deliver a message after Standard Webhooks: signed now, with no redirect followed, through no proxy and only
/// to allowed addresses. It never throws for what a receiver does; when to try again is the caller's decision.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2); // then the name is resolved, and judged, again

    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly HttpClient _client;

    /// <summary>A sender with connections of its own.</summary>
    public WebhookSender(WebhookTargets targets, IHostResolver resolver, IOptions<WebhookOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _timeout = options.Value.Timeout;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false, // the proxy would resolve the name, unjudged
            UseCookies = false,
            ConnectCallback = new WebhookConnector(targets, resolver).ConnectAsync,
            PooledConnectionLifetime = ConnectionLifetime,
            MaxResponseHeadersLength = 16, // KiB
            MaxResponseDrainSize = 16 * 1024,
            ActivityHeadersPropagator = null, // the event has its own trace context
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, // it cannot be told from the caller's cancellation
        };
    }

    /// <summary>Sends a message once.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; whether the message arrived is not known.</exception>
    public async Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            using var request = RequestOf(message, _clock.GetUtcNow());
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return AnswerOf(response, _clock.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(WebhookOutcome.TimedOut, $"No answer within {_timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException e) when (e.InnerException is WebhookTargetRefusedException refused)
        {
            return Failed(WebhookOutcome.Refused, refused.Message);
        }
        catch (WebhookTargetRefusedException refused)
        {
            return Failed(WebhookOutcome.Refused, refused.Message);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return Failed(WebhookOutcome.Unreachable, e.InnerException is { } cause and not IOException ? $"{e.Message} {cause.Message}" : e.Message);
        }

        WebhookAnswer Failed(WebhookOutcome outcome, string problem) => new(outcome, Status: null, problem, RetryAfter: null, _clock.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage RequestOf(WebhookMessage message, DateTimeOffset now)
    {
        var content = new ReadOnlyMemoryContent(message.Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(message.ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, message.Target) { Content = content };
        request.Headers.UserAgent.ParseAdd("Workspaces-Webhooks/1");
        request.Headers.Add(WebhookSignature.IdHeader, message.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.HeaderOf(message.Secrets, message.Id, now, message.Body));
        return request;
    }

    private WebhookAnswer AnswerOf(HttpResponseMessage response, TimeSpan duration)
    {
        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            _ when response.IsSuccessStatusCode => new(WebhookOutcome.Delivered, status, Problem: null, RetryAfter: null, duration),
            HttpStatusCode.Gone => new(WebhookOutcome.Gone, status, "The receiver answered 410: it wants no more.", RetryAfter: null, duration),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                new(WebhookOutcome.Rejected, status, $"The receiver answered {status}; redirects are not followed.", RetryAfter: null, duration),
            _ => new(WebhookOutcome.Rejected, status, $"The receiver answered {status}.", RetryAfterOf(response.Headers.RetryAfter), duration),
        };
    }

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - _clock.GetUtcNow());
}
