using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Auditor.Log;

/// <summary>
/// The hash chain. An entry's hash is SHA-256 over its members in a fixed order, each as UTF-8 with its length before it (so that
/// moving a character from one member to the next changes the hash), beginning with the hash of the entry before. The message takes
/// part by its own hash, so that a redacted entry still verifies.
/// </summary>
public static class LogHash
{
    /// <summary>What the first entry has as hash of the one before.</summary>
    public const string Start = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Hash of an entry.</summary>
    public static string Of(LogEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, entry.PreviousHash);
        Add(hash, entry.Sequence.ToString(CultureInfo.InvariantCulture));
        Add(hash, entry.EventId.ToString("D"));
        Add(hash, entry.Type);
        Add(hash, entry.WorkspaceId);
        Add(hash, entry.Owner);
        Add(hash, entry.User);
        Add(hash, entry.SessionId?.ToString("D"));
        Add(hash, entry.InstanceId?.ToString("D"));
        Add(hash, entry.Target);
        Add(hash, TimeText(entry.OccurredAt));
        Add(hash, TimeText(entry.StoredAt));
        Add(hash, entry.TraceParent);
        Add(hash, entry.MessageForm.ToString());
        Add(hash, entry.MessageHash);
        Add(hash, entry.Problem);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hash of a message.</summary>
    public static string OfMessage(string message) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message)));

    private static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static void Add(IncrementalHash hash, string? member)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = member is null ? [] : Encoding.UTF8.GetBytes(member);
        BinaryPrimitives.WriteInt32BigEndian(length, member is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
