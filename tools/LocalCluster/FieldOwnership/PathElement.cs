using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// One step of a field path. <see cref="Text"/> is its form in managedFields: <c>f:name</c> a field or entry of a map,
/// <c>k:{"name":"x"}</c> an item of a list by its keys, <c>v:"x"</c> an item of a set, <c>i:0</c> an item of a list by its place.
/// They are ordered as the API server orders them: fields, keys, values, places; numbers by size.
/// </summary>
internal sealed class PathElement : IComparable<PathElement>, IEquatable<PathElement>
{
    private readonly (string Name, JsonNode? Value)[] _keys;
    private readonly JsonNode? _value;

    private PathElement(char kind, string text, (string, JsonNode?)[] keys, JsonNode? value) => (Kind, Text, _keys, _value) = (kind, text, keys, value);

    /// <summary>f, k, v or i.</summary>
    public char Kind { get; }

    public string Text { get; }

    /// <summary>Of a field: its name.</summary>
    public string Name => Text[2..];

    public static PathElement Field(string name) => new('f', "f:" + name, [], null);

    /// <summary>An item of a set.</summary>
    public static PathElement Value(JsonNode? value) => new('v', "v:" + Json(value), [], value?.DeepClone());

    /// <summary>An item of a list by its keys, which may come in any order.</summary>
    public static PathElement Keys(IEnumerable<(string Name, JsonNode? Value)> keys)
    {
        var sorted = keys.Select(k => (k.Name, k.Value?.DeepClone())).OrderBy(k => k.Name, StringComparer.Ordinal).ToArray();
        var text = "k:{" + string.Join(",", sorted.Select(k => $"{Json(k.Name)}:{Json(k.Item2)}")) + "}";
        return new PathElement('k', text, sorted, null);
    }

    /// <summary>Reads the form of managedFields. Null where the kind of step is unknown: such steps are ignored.</summary>
    public static PathElement? Parse(string text)
    {
        if (text.Length < 2 || text[1] != ':')
        {
            throw new FormatException(text.Length < 2 ? "key must be 2 characters long:" : $"missing colon: {text}");
        }

        try
        {
            return text[0] switch
            {
                'f' => Field(text[2..]),
                'v' => Value(JsonNode.Parse(text[2..])),
                'k' => Keys((JsonNode.Parse(text[2..]) as JsonObject ?? throw new FormatException($"no keys: {text}")).Select(p => (p.Key, p.Value))),
                'i' => new PathElement('i', text, [], JsonValue.Create(int.Parse(text[2..], CultureInfo.InvariantCulture))),
                _ => null,
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"{text}: {e.Message}", e);
        }
    }

    /// <summary>The step as messages show it: <c>.image</c>, <c>[name="app"]</c>, <c>[="x"]</c>.</summary>
    public override string ToString() => Kind switch
    {
        'f' => "." + Name,
        'k' => $"[{string.Join(",", _keys.Select(k => $"{k.Name}={Json(k.Value)}"))}]",
        'v' => $"[={Json(_value)}]",
        _ => $"[{Text[2..]}]",
    };

    public int CompareTo(PathElement? other)
    {
        if (other is null)
        {
            return 1;
        }

        if (Kind != other.Kind)
        {
            return "fkvi".IndexOf(Kind, StringComparison.Ordinal).CompareTo("fkvi".IndexOf(other.Kind, StringComparison.Ordinal));
        }

        return Kind switch
        {
            'f' => string.CompareOrdinal(Text, other.Text),
            'k' => CompareKeys(_keys, other._keys),
            _ => CompareValues(_value, other._value),
        };
    }

    public bool Equals(PathElement? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as PathElement);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static string Json(JsonNode? value) => value?.ToJsonString(ApiJson.Options) ?? "null";

    private static int CompareKeys((string Name, JsonNode? Value)[] left, (string Name, JsonNode? Value)[] right)
    {
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var order = string.CompareOrdinal(left[i].Name, right[i].Name);
            order = order != 0 ? order : CompareValues(left[i].Value, right[i].Value);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Numbers, then texts, then flags, then null.</summary>
    private static int CompareValues(JsonNode? left, JsonNode? right)
    {
        var (leftRank, rightRank) = (Rank(left), Rank(right));
        if (leftRank != rightRank)
        {
            return leftRank.CompareTo(rightRank);
        }

        return leftRank switch
        {
            0 => decimal.Parse(Json(left), NumberStyles.Float, CultureInfo.InvariantCulture).CompareTo(decimal.Parse(Json(right), NumberStyles.Float, CultureInfo.InvariantCulture)),
            1 => string.CompareOrdinal((string)left!, (string)right!),
            2 => ((bool)left!).CompareTo((bool)right!),
            _ => string.CompareOrdinal(Json(left), Json(right)),
        };
    }

    private static int Rank(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => 0,
        JsonValueKind.String => 1,
        JsonValueKind.True or JsonValueKind.False => 2,
        _ => 3,
    };
}
