namespace Workspaces.LocalSuite.Commands;

/// <summary>Copies what is added to a log file, which need not be there yet.</summary>
internal sealed class LogFollower(string file) : IDisposable
{
    private FileStream? _stream;

    public async Task CopyNewAsync(TextWriter output)
    {
        if (_stream is null && File.Exists(file))
        {
            _stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        if (_stream is not null)
        {
            using var reader = new StreamReader(_stream, leaveOpen: true);
            await output.WriteAsync(await reader.ReadToEndAsync());
        }
    }

    public void Dispose() => _stream?.Dispose();
}
