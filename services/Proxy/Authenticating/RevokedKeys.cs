using Workspaces.Ssh;
using Workspaces.Ssh.Certificates;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// The revocation list in a file, read anew when the file changes: a list that is pushed out ends sessions without a restart. A file that
/// cannot be read later on leaves the list that was read last.
/// </summary>
public sealed partial class RevokedKeys
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string? _path;
    private readonly TimeProvider _time;
    private readonly ILogger<RevokedKeys> _logger;
    private KeyRevocationList _list = KeyRevocationList.Empty;
    private (DateTime Written, long Length) _seen;
    private long _lookedAt;

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="ProxyConfigurationException">There is no usable list in it.</exception>
    public RevokedKeys(ProxyOptions options, TimeProvider time, ILogger<RevokedKeys> logger)
    {
        _time = time;
        _logger = logger;
        _path = options.RevokedKeysFile is { Length: > 0 } path ? path : null;
        if (_path is not null)
        {
            try
            {
                Read(_path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SshFormatException)
            {
                throw new ProxyConfigurationException($"Proxy:RevokedKeysFile names {_path}, which is no usable list: {e.Message} Make one with: ssh-keygen -k -f {_path} KEYS", e);
            }
        }
    }

    /// <summary>The list as it is now, a second ago at most.</summary>
    public KeyRevocationList Current
    {
        get
        {
            lock (_lock)
            {
                if (_path is not null && _time.GetElapsedTime(_lookedAt) >= LookEvery)
                {
                    Look(_path);
                }

                return _list;
            }
        }
    }

    private void Look(string path)
    {
        _lookedAt = _time.GetTimestamp();
        try
        {
            var file = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            if ((file.LastWriteTimeUtc, file.Length) != _seen)
            {
                Read(path);
                LogRead(_logger, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SshFormatException)
        {
            LogNotRead(_logger, path, e);
        }
    }

    private void Read(string path)
    {
        var file = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        var seen = (file.LastWriteTimeUtc, file.Length);
        _list = KeyRevocationList.Parse(File.ReadAllBytes(file.FullName));
        _seen = seen;
        _lookedAt = _time.GetTimestamp();
    }

    [LoggerMessage(1410, LogLevel.Information, "The list of revoked keys in {Path} has been read anew.")]
    private static partial void LogRead(ILogger logger, string path);

    [LoggerMessage(1411, LogLevel.Error, "The list of revoked keys in {Path} cannot be read; the one that was read last holds.")]
    private static partial void LogNotRead(ILogger logger, string path, Exception exception);
}
