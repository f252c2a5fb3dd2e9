using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// Makes the schema of each kind: names and types of fields from the client library's classes, everything that those do not say from
/// <see cref="ListTypes"/> and <see cref="Zeroes"/>.
/// </summary>
public static class SchemaCatalog
{
    private static readonly ConcurrentDictionary<Type, FieldSchema> Structs = new();
    private static readonly Lock Building = new();
    private static readonly string[] First = ["apiVersion", "kind", "metadata"];
    private static readonly string[] Last = ["status"];
    private static readonly string[] VersionPrefixes = ["Corev1", "Discoveryv1", "Rbacv1", "Authenticationv1", "V1"];

    public static FieldSchema Of(ResourceType type) => Of(type.Model);

    /// <summary>The schema of one of the client library's classes.</summary>
    public static FieldSchema Of(Type model)
    {
        if (Structs.TryGetValue(model, out var known))
        {
            return known;
        }

        // One at a time and into a private map first: types refer to each other in circles, and nobody may see a half-built one.
        lock (Building)
        {
            var made = new Dictionary<Type, FieldSchema>();
            var result = Build(model, made);
            foreach (var (type, schema) in made)
            {
                Structs.TryAdd(type, schema);
            }

            return Structs.GetValueOrDefault(model, result);
        }
    }

    private static FieldSchema Build(Type model, Dictionary<Type, FieldSchema> made)
    {
        if (Structs.TryGetValue(model, out var known) || made.TryGetValue(model, out known))
        {
            return known;
        }

        var schema = new FieldSchema(FieldKind.Struct) { Name = NameOf(model), Model = model, Atomic = ListTypes.AtomicStructs.Contains(model) };
        made[model] = schema;
        var properties = model.GetProperties()
            .Select(p => (Property: p, Name: p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name))
            .Where(p => p.Name is not null)
            .OrderBy(p => Rank(p.Name!))
            .ThenBy(p => p.Name, StringComparer.Ordinal);
        foreach (var (property, name) in properties)
        {
            schema.Fields[name!] = Field(model, name!, property.PropertyType, made);
            if (Zeroes.IsAlwaysPresent(model, name!))
            {
                schema.AlwaysPresent.Add(name!);
            }

            if (Zeroes.IsOmitted(model, name!, property.PropertyType))
            {
                schema.OmittedWhenZero.Add(name!);
            }

            if (Zeroes.IsNullWhenEmpty(model, name!))
            {
                schema.NullWhenEmpty.Add(name!);
            }

            if (ListTypes.PatchReplaced.Contains((model, name!)))
            {
                schema.PatchReplaces.Add(name!);
            }

            if (ListTypes.RetainKeys.Contains((model, name!)))
            {
                schema.RetainKeys.Add(name!);
            }
        }

        return schema;
    }

    private static FieldSchema Field(Type owner, string name, Type type, Dictionary<Type, FieldSchema> made)
    {
        if (type == typeof(byte[]))
        {
            return new FieldSchema(FieldKind.Bytes);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return new FieldSchema(FieldKind.Map)
            {
                Element = Field(owner, "", type.GetGenericArguments()[1], made),
                Atomic = ListTypes.AtomicMaps.Contains((owner, name)),
            };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            var item = type.GetGenericArguments()[0];
            var keys = ListTypes.MapKeys.GetValueOrDefault((owner, name), []);
            var isSet = ListTypes.Sets.Contains((owner, name));
            return new FieldSchema(FieldKind.List)
            {
                Element = Field(owner, "", item, made),
                Keys = keys,
                IsSet = isSet,
                Atomic = keys.Length == 0 && !isSet,
                PatchMerges = ListTypes.PatchMergedSets.Contains((owner, name)),
                KeyDefaults = keys.Select(k => (Key: k, Default: ListTypes.KeyDefault(item, k))).Where(k => k.Default is not null).ToDictionary(k => k.Key, k => k.Default!),
                PatchMergeKey = ListTypes.PatchMergedOnly.GetValueOrDefault((owner, name))
                    ?? (keys.Length == 0 || ListTypes.NotPatchMerged.Contains((owner, name)) ? null : keys[0]),
            };
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(DateTime))
        {
            return new FieldSchema(Zeroes.MicroTimes.Contains((owner, name)) ? FieldKind.MicroTime : FieldKind.Time);
        }

        return type switch
        {
            _ when type == typeof(string) => new FieldSchema(FieldKind.Text),
            _ when type == typeof(bool) => new FieldSchema(FieldKind.Flag),
            _ when type == typeof(int) || type == typeof(long) => new FieldSchema(FieldKind.Whole),
            _ when type == typeof(double) => new FieldSchema(FieldKind.Real),
            _ when type == typeof(ResourceQuantity) => new FieldSchema(FieldKind.Quantity),
            _ when type == typeof(IntOrString) => new FieldSchema(FieldKind.IntOrString),
            _ when type == typeof(object) => new FieldSchema(FieldKind.Any) { Atomic = true },
            _ => Build(type, made),
        };
    }

    private static int Rank(string name)
    {
        var first = Array.IndexOf(First, name);
        return first >= 0 ? first : Last.Contains(name) ? 100 : 10;
    }

    private static string NameOf(Type model)
    {
        var prefix = VersionPrefixes.FirstOrDefault(p => model.Name.StartsWith(p, StringComparison.Ordinal)) ?? "";
        return model.Name[prefix.Length..];
    }
}
