using Microsoft.Extensions.Logging;

namespace Workspaces.ServiceDefaults.Http;

internal static partial class HttpLog
{
    [LoggerMessage(100, LogLevel.Error, "{Method} {Path} failed; the client got 500.")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);
}
