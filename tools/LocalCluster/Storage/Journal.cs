using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Storage;

/// <summary>
/// Keeps the objects in the state folder: <c>objects.jsonl</c> is a snapshot, <c>changes.jsonl</c> the changes since. Every change is handed to
/// the operating system before the request is answered, so a killed process loses nothing; a torn last line (power loss) is left out.
/// A snapshot is written beside the old one and renamed, so there is always a whole one.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const long LargeBytes = 64L << 20;
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly string _snapshotPath;
    private readonly string _changesPath;
    private FileStream? _changes;

    public Journal(string folder)
    {
        Directory.CreateDirectory(folder);
        _snapshotPath = Path.Combine(folder, "objects.jsonl");
        _changesPath = Path.Combine(folder, "changes.jsonl");
    }

    public bool IsLarge => _changes is { Length: > LargeBytes };

    /// <summary>What was stored last, and the version counter.</summary>
    public (IReadOnlyCollection<StoredObject> Objects, long Version) Load()
    {
        var objects = new Dictionary<(ResourceType, string), StoredObject>();
        long version = 0;
        foreach (var line in Lines(_snapshotPath).Concat(Lines(_changesPath)))
        {
            if (line["version"] is { } counter)
            {
                version = Math.Max(version, (long)counter);
                continue;
            }

            var removed = line["removed"] as JsonObject;
            var json = removed ?? line["object"]?.AsObject() ?? throw new InvalidDataException($"A line in {_changesPath} is neither object nor removal.");
            var type = ResourceTypes.FindKind((string)json["apiVersion"]!, (string)json["kind"]!)
                ?? throw new InvalidDataException($"{_changesPath} holds a {json["kind"]}, which this version does not know. Use another state folder.");
            var stored = new StoredObject(type, json.DeepClone().AsObject());
            version = Math.Max(version, stored.ResourceVersion);
            if (removed is null)
            {
                objects[(type, stored.Key)] = stored;
            }
            else
            {
                objects.Remove((type, stored.Key));
            }
        }

        return (objects.Values, version);
    }

    /// <summary>Writes a new snapshot and begins an empty list of changes.</summary>
    public void StartNew(IEnumerable<StoredObject> objects, long version)
    {
        var temporary = _snapshotPath + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["version"] = version }, ApiJson.Options));
            file.Write(NewLine);
            foreach (var stored in objects)
            {
                file.Write(Line("object", stored));
            }

            file.Flush(flushToDisk: true);
        }

        _changes?.Dispose();
        File.Move(temporary, _snapshotPath, overwrite: true);
        _changes = new FileStream(_changesPath, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public void Put(StoredObject stored) => _changes!.Write(Line("object", stored));

    public void Remove(StoredObject stored) => _changes!.Write(Line("removed", stored));

    public void Dispose() => _changes?.Dispose();

    private static byte[] Line(string property, StoredObject stored)
    {
        var json = stored.Utf8;
        var prefix = System.Text.Encoding.UTF8.GetBytes($"{{\"{property}\":");
        return [.. prefix, .. json, (byte)'}', (byte)'\n'];
    }

    private static IEnumerable<JsonObject> Lines(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            JsonObject line;
            try
            {
                line = JsonNode.Parse(lines[i])!.AsObject();
            }
            catch (JsonException e)
            {
                // Only the last line can be torn: each is written whole before the next.
                if (i == lines.Length - 1)
                {
                    yield break;
                }

                throw new InvalidDataException($"{path} line {i + 1} is not JSON ({e.Message}). Remove the state folder to start anew.", e);
            }

            yield return line;
        }
    }
}
