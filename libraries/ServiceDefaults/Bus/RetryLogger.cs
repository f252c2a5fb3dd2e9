using MassTransit;
using Microsoft.Extensions.Logging;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>A message that is retried without limit must be seen: every failed attempt is logged, the first one by MassTransit with its stack.</summary>
internal sealed class RetryLogger(ILogger<RetryLogger> logger) : IRetryObserver
{
    public Task PostCreate<T>(RetryPolicyContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task PostFault<T>(RetryContext<T> context)
        where T : class, PipeContext
    {
        BusLog.HandlingFailed(logger, (context.Context as ConsumeContext)?.MessageId, context.RetryCount, context.Exception.Message, context.Delay);
        return Task.CompletedTask;
    }

    public Task PreRetry<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task RetryFault<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task RetryComplete<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;
}
