using Microsoft.Extensions.Logging;

namespace Workspaces.ServiceDefaults.Authentication;

internal static partial class AuthenticationLog
{
    [LoggerMessage(200, LogLevel.Warning, "A token could not be checked; the client got 503.")]
    public static partial void ValidatorUnavailable(ILogger logger, Exception exception);
}
