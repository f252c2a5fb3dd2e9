using System.Text;
using System.Text.Json;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Retention;

/// <summary>Entries as lines of JSON (NDJSON), in archives and exports: everything that an entry has, so that the chain can be verified from them.</summary>
internal static class LogLines
{
    public const string ContentType = "application/x-ndjson";

    private static readonly ReadOnlyMemory<byte> LineEnd = "\n"u8.ToArray();

    public static async Task WriteAsync(Stream stream, IEnumerable<LogEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(entry, ContractsJson.Options), cancellationToken);
            await stream.WriteAsync(LineEnd, cancellationToken);
        }
    }

    /// <summary>Reads entries back.</summary>
    /// <exception cref="InvalidDataException">A line is not an entry.</exception>
    public static async IAsyncEnumerable<LogEntry> ReadAsync(Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        for (var number = 1; await lines.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            yield return EntryOf(line, number);
        }
    }

    private static LogEntry EntryOf(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<LogEntry>(line, ContractsJson.Options) ?? throw new InvalidDataException($"Line {number} is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Line {number} is not an entry of the log: {e.Message}", e);
        }
    }
}
