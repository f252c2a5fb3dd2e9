using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Workspaces.ServiceDefaults.Http;

/// <summary>
/// The last resort of every endpoint: turns an exception into problem details. What the client sent wrongly is explained; of
/// anything else the client learns only that it failed, and the trace id to ask about.
/// </summary>
internal sealed class ErrorResponder(ILogger<ErrorResponder> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } =>
                Problems.Problem("malformed-json", StatusCodes.Status400BadRequest, $"The request body is not the JSON expected here: {json.Message}"),
            BadHttpRequestException bad => Problems.Problem(Problems.CodeOf(bad.StatusCode), bad.StatusCode, bad.Message),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested =>
                Problems.Problem("client-closed-request", StatusCodes.Status499ClientClosedRequest, "The client went away."),
            _ => Problems.Problem(
                "internal-error",
                StatusCodes.Status500InternalServerError,
                "The service failed to answer this request. Its log has the cause under this trace id."),
        };
        if (problem.StatusCode == StatusCodes.Status500InternalServerError)
        {
            HttpLog.RequestFailed(logger, httpContext.Request.Method, httpContext.Request.Path, exception);
        }

        problem.ProblemDetails.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
        await problem.ExecuteAsync(httpContext);
        return true;
    }
}
