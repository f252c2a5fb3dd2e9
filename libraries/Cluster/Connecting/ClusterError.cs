using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Workspaces.Cluster.Connecting;

/// <summary>An error of the cluster's API, read: its kind, and the words that the API server had for it.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Message">The API server's sentence, or the transport's.</param>
public sealed record ClusterError(ClusterErrorKind Kind, string Message)
{
    /// <summary>
    /// Reads an exception that a call to the cluster threw.
    /// https://kubernetes.io/docs/reference/using-api/api-concepts/ : an answer carries a Status object, whose reason is more precise
    /// than the HTTP status (409 is both AlreadyExists and Conflict).
    /// </summary>
    /// <returns>The error, or <see langword="null"/> where the exception is not the cluster's.</returns>
    public static ClusterError? Of(Exception exception) => exception switch
    {
        HttpOperationException { Response: { } response } => OfAnswer(response.StatusCode, response.Content),
        KubernetesException { Status: { } status } => OfStatus((HttpStatusCode)(status.Code ?? 0), status),
        HttpRequestException or IOException or TimeoutException or System.Net.Sockets.SocketException =>
            new ClusterError(ClusterErrorKind.Transient, exception.Message),
        // A body that ends early, or a gateway's page where JSON was due.
        JsonException => new ClusterError(ClusterErrorKind.Transient, $"The API server's answer cannot be read: {exception.Message}"),
        _ => null,
    };

    /// <summary>Whether <paramref name="exception"/> is an error of the cluster's of kind <paramref name="kind"/>; for exception filters.</summary>
    public static bool Is(Exception exception, ClusterErrorKind kind) => Of(exception)?.Kind == kind;

    private static ClusterError OfAnswer(HttpStatusCode code, string? content)
    {
        if (content is { Length: > 0 } && content[0] == '{')
        {
            try
            {
                return OfStatus(code, KubernetesJson.Deserialize<V1Status>(content));
            }
            catch (JsonException)
            {
                // Not a Status: whatever stands between us and the API server answered. The HTTP status is all there is.
            }
        }

        return new ClusterError(KindOf(code, reason: null), $"The API server answered {(int)code} {code}.");
    }

    private static ClusterError OfStatus(HttpStatusCode code, V1Status status) =>
        new(KindOf(code, status.Reason), status.Message is { Length: > 0 } words ? words : $"The API server answered {(int)code} {status.Reason}.");

    private static ClusterErrorKind KindOf(HttpStatusCode code, string? reason) => (code, reason) switch
    {
        (_, "AlreadyExists") => ClusterErrorKind.AlreadyExists,
        (_, "Expired" or "Gone") => ClusterErrorKind.Expired,
        (HttpStatusCode.Conflict, _) => ClusterErrorKind.Conflict,
        (HttpStatusCode.NotFound, _) => ClusterErrorKind.NotFound,
        (HttpStatusCode.Gone, _) => ClusterErrorKind.Expired,
        // Our credentials, not the workspace: an operator mends them while we wait.
        (HttpStatusCode.Unauthorized, _) => ClusterErrorKind.Transient,
        (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests, _) => ClusterErrorKind.Transient,
        (HttpStatusCode.NotImplemented, _) => ClusterErrorKind.Refused,
        ( >= HttpStatusCode.InternalServerError, _) => ClusterErrorKind.Transient,
        _ => ClusterErrorKind.Refused,
    };
}
