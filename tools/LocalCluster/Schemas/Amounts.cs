using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>Amounts of several resources by name (a ResourceList), in the order of the names.</summary>
internal sealed class Amounts() : SortedDictionary<string, Quantity>(StringComparer.Ordinal)
{
    /// <summary>The amounts of a JSON object; what is no amount is left out.</summary>
    public static Amounts Of(JsonNode? node)
    {
        var result = new Amounts();
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            if (value is not null && Quantity.TryParse(value.ToString(), out var quantity))
            {
                result[name] = quantity;
            }
        }

        return result;
    }

    /// <summary>Adds each of the other amounts to the one of its name.</summary>
    public void Add(Amounts other)
    {
        foreach (var (name, quantity) in other)
        {
            this[name] = TryGetValue(name, out var present) ? present + quantity : quantity;
        }
    }

    /// <summary>Takes the greater of each amount and the other of its name.</summary>
    public void RaiseTo(Amounts other)
    {
        foreach (var (name, quantity) in other)
        {
            if (!TryGetValue(name, out var present) || quantity > present)
            {
                this[name] = quantity;
            }
        }
    }

    /// <summary>Only the amounts of these names.</summary>
    public Amounts Only(Func<string, bool> wanted)
    {
        var result = new Amounts();
        foreach (var (name, quantity) in this.Where(a => wanted(a.Key)))
        {
            result[name] = quantity;
        }

        return result;
    }

    public Amounts Copy() => Only(_ => true);

    public JsonObject ToJson() => new(this.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value.ToString())));

    /// <summary>As messages show them: <c>cpu=1,memory=1Gi</c>.</summary>
    public override string ToString() => string.Join(',', this.Select(a => $"{a.Key}={a.Value}"));
}
