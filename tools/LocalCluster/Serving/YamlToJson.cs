using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// Reads YAML as the API server does: through JSON, with plain scalars by the rules of YAML 1.1 (yes and on are true, 0644 is octal). Of a
/// key that is given twice the last value counts.
/// </summary>
internal sealed class YamlToJson
{
    private static readonly string[] Trues = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
    private static readonly string[] Falses = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private readonly List<string> _duplicates = [];

    private YamlToJson(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The first document, and a sentence for each key that is given twice: <c>line 3: key "a" already set in map</c>.</summary>
    public static (JsonNode? Node, IReadOnlyList<string> Duplicates) Parse(string text)
    {
        var reader = new YamlToJson(text);
        reader._parser.Consume<StreamStart>();
        if (!reader._parser.TryConsume<DocumentStart>(out _))
        {
            return (null, []);
        }

        var node = reader.Node();
        reader._parser.Consume<DocumentEnd>();
        return (node, reader._duplicates);
    }

    private JsonNode? Node()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var known)
                ? known?.DeepClone()
                : throw new YamlException(alias.Start, alias.End, $"unknown anchor '{alias.Value}' referenced");
        }

        var anchor = _parser.Accept<NodeEvent>(out var next) ? next.Anchor : AnchorName.Empty;
        JsonNode? node = _parser.TryConsume<MappingStart>(out _) ? Mapping()
            : _parser.TryConsume<SequenceStart>(out _) ? (JsonNode)Sequence()
            : Scalar(_parser.Consume<Scalar>());
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = node?.DeepClone();
        }

        return node;
    }

    private JsonObject Mapping()
    {
        var result = new JsonObject();
        var merged = new List<JsonObject>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var scalar = _parser.Consume<Scalar>();
            var key = scalar.Value;
            var line = _parser.Current!.Start.Line;
            var value = Node();
            if (key == "<<" && scalar.Style == ScalarStyle.Plain)
            {
                merged.AddRange(value is JsonArray list ? list.OfType<JsonObject>() : value is JsonObject one ? [one] : []);
                continue;
            }

            if (result.ContainsKey(key))
            {
                _duplicates.Add($"line {line}: key \"{key}\" already set in map");
            }

            result[key] = value;
        }

        foreach (var (key, value) in merged.SelectMany(m => m))
        {
            if (!result.ContainsKey(key))
            {
                result[key] = value?.DeepClone();
            }
        }

        return result;
    }

    private JsonArray Sequence()
    {
        var result = new JsonArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            result.Add(Node());
        }

        return result;
    }

    private static JsonValue? Scalar(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || scalar.Tag == "tag:yaml.org,2002:str")
        {
            return JsonValue.Create(text);
        }

        if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            return null;
        }

        if (Trues.Contains(text) || Falses.Contains(text))
        {
            return JsonValue.Create(Trues.Contains(text));
        }

        if (Whole(text.Replace("_", "", StringComparison.Ordinal)) is { } whole)
        {
            return JsonValue.Create(whole);
        }

        return text.Any(char.IsAsciiDigit) && (char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? JsonValue.Create(real)
            : JsonValue.Create(text);
    }

    private static long? Whole(string text)
    {
        var digits = text.TrimStart('+', '-');
        var sign = text.StartsWith('-') ? -1 : 1;
        if (digits.Length == 0 || text.Length - digits.Length > 1)
        {
            return null;
        }

        if (digits.Length > 1 && digits[0] == '0')
        {
            var (radix, rest) = char.ToLowerInvariant(digits[1]) switch { 'x' => (16, digits[2..]), 'b' => (2, digits[2..]), 'o' => (8, digits[2..]), _ => (8, digits[1..]) };
            var allowed = "0123456789abcdef"[..radix];
            return rest.Length is > 0 and < 16 && rest.All(c => allowed.Contains(char.ToLowerInvariant(c))) ? sign * Convert.ToInt64(rest, radix) : null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
