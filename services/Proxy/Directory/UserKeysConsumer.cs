using MassTransit;
using Workspaces.Contracts;

namespace Workspaces.Proxy.Directory;

/// <summary>Users' keys that change.</summary>
public sealed partial class UserKeysConsumer(KeyRing keys, TimeProvider time, ILogger<UserKeysConsumer> logger) : IConsumer<UserKeysChanged>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<UserKeysChanged> context)
    {
        foreach (var problem in keys.Apply(context.Message, time.GetTimestamp()))
        {
            LogUnreadableKey(logger, SafeText.OneLine(context.Message.User), SafeText.OneLine(problem));
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(1110, LogLevel.Warning, "A key of user {User} cannot be used: {Problem}")]
    private static partial void LogUnreadableKey(ILogger logger, string user, string problem);
}
