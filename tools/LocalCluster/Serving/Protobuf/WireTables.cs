using System.Globalization;

namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>The field numbers of all messages, read once from <c>wire-fields.txt</c>, which says how it is written.</summary>
internal static class WireTables
{
    private static readonly Dictionary<string, WireMessage> Messages = Read();

    /// <summary>The message that one of the client library's classes is on the wire; null where it is not in the table.</summary>
    public static WireMessage? Find(Type model) => Messages.GetValueOrDefault(model.Name);

    public static WireMessage Of(Type model) =>
        Find(model) ?? throw new InvalidOperationException($"{model.Name} has no field numbers in wire-fields.txt.");

    private static Dictionary<string, WireMessage> Read()
    {
        using var stream = typeof(WireTables).Assembly.GetManifestResourceStream("wire-fields.txt")
            ?? throw new InvalidOperationException("The resource wire-fields.txt is missing.");
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')).ToList();
        var messages = lines.ToDictionary(l => l[0], _ => new WireMessage());
        foreach (var line in lines)
        {
            foreach (var entry in line[1..])
            {
                messages[line[0]].Add(Field(entry, messages));
            }
        }

        return messages;
    }

    private static WireField Field(string entry, Dictionary<string, WireMessage> messages)
    {
        var (left, right) = entry.Split('=') is [var l, var r] ? (l, r) : throw new InvalidOperationException($"wire-fields.txt: {entry}");
        return left[0] == '+'
            ? new WireField(Number(left[1..]), "", false, messages[right])
            : new WireField(Number(right.TrimEnd('?')), left, right.EndsWith('?'), null);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
