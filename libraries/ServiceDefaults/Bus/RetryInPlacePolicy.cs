using MassTransit;
using MassTransit.RetryPolicies;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// Retries in place, without limit and without acknowledging, so that order is kept and nothing is lost while Kubernetes, the
/// database or the broker is away. MassTransit's own policies all have a limit.
/// </summary>
internal sealed class RetryInPlacePolicy(IExceptionFilter filter) : IRetryPolicy
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public bool IsHandled(Exception exception) => filter.Match(exception);

    public RetryPolicyContext<T> CreatePolicyContext<T>(T context)
        where T : class, PipeContext => new PolicyContext<T>(this, context);

    public void Probe(ProbeContext context) => context.Set(new { Policy = "retry in place without limit", Longest });

    private sealed class PolicyContext<T>(RetryInPlacePolicy policy, T context) : BaseRetryPolicyContext<T>(policy, context)
        where T : class, PipeContext
    {
        protected override RetryContext<T> CreateRetryContext(Exception exception, CancellationToken cancellationToken) =>
            new Attempt<T>(policy, Context, exception, 1, cancellationToken);
    }

    private sealed class Attempt<T>(RetryInPlacePolicy policy, T context, Exception exception, int count, CancellationToken cancellationToken)
        : BaseRetryContext<T>(context, exception, count, cancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        public override TimeSpan? Delay => BackOff.DelayAfter(RetryCount - 1, Longest);

        bool RetryContext<T>.CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            retryContext = new Attempt<T>(policy, Context, exception, RetryCount + 1, CancellationToken);
            return policy.IsHandled(exception) && !CancellationToken.IsCancellationRequested;
        }
    }
}
