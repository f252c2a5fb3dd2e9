namespace Workspaces.Requests.Http;

/// <summary>Answers a bad body before the handler runs.</summary>
public sealed class JsonBodyFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IJsonBody>().FirstOrDefault()?.Problem is { } problem ? ValueTask.FromResult<object?>(problem) : next(context);
}
