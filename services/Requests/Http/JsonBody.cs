using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Http;

/// <summary>
/// A request body as a parameter of a handler. What is wrong with the body is answered by <see cref="JsonBodyFilter"/> before
/// the handler runs.
/// </summary>
#pragma warning disable CA1000 // The framework finds binding and metadata by these static members.
public sealed class JsonBody<T> : IJsonBody, IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private JsonBody(T? value, ProblemHttpResult? problem) => (_value, Problem) = (value, problem);

    /// <summary>The body.</summary>
    public T Value => _value ?? throw new InvalidOperationException($"The route lacks {nameof(JsonBodyFilter)}.");

    /// <inheritdoc/>
    public ProblemHttpResult? Problem { get; }

    /// <inheritdoc/>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
        {
            return new JsonBody<T>(null, Problems.Problem(
                "unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "Send JSON: 'Content-Type: application/json'."));
        }

        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            var (value, problem) = RequestJson.Read<T>(buffer.ToArray());
            return new JsonBody<T>(value, problem);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new JsonBody<T>(null, Problems.Problem("body-too-large", StatusCodes.Status413PayloadTooLarge, "The body is larger than is accepted here."));
        }
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>A body that may not be what it should be.</summary>
public interface IJsonBody
{
    /// <summary>What is wrong with it.</summary>
    ProblemHttpResult? Problem { get; }
}
