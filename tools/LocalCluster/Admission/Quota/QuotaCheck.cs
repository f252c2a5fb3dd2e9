using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>
/// Holds one object against the quotas of its namespace. The steps are the API server's: 1. which quotas count the object, and whether it
/// says what they ask for; 2. what it uses, or by how much more than before; 3. whether that still fits.
/// </summary>
internal static class QuotaCheck
{
    /// <summary>What each quota that changes will have in use. A refusal is an ApiStatusException.</summary>
    public static IReadOnlyList<(JsonObject Quota, Amounts Used)> Charge(UsageRules rules, AdmissionRequest request, IEnumerable<JsonObject> quotas, DateTimeOffset now)
    {
        // 1. Which quotas count it.
        var concerned = new List<JsonObject>();
        foreach (var quota in quotas.Where(q => rules.IsCountedBy(q, request.Object)))
        {
            var limited = Hard(quota).Keys.Where(rules.Counts).ToList();
            if (rules.Missing(limited, request.Object) is { } missing)
            {
                throw Refused(request, $"failed quota: {Name(quota)}: {missing}");
            }

            if (limited.Exists(r => !Used(quota).ContainsKey(r)))
            {
                throw Refused(request, $"status unknown for quota: {Name(quota)}, resources: {string.Join(',', limited.Order(StringComparer.Ordinal))}");
            }

            concerned.Add(quota);
        }

        if (concerned.Count == 0)
        {
            return [];
        }

        // 2. What it uses.
        var usage = rules.Usage(request.Object, now);
        var before = request.Old is null ? null : rules.Usage(request.Old, now);
        var charges = new List<(JsonObject, Amounts)>();
        foreach (var quota in concerned)
        {
            var more = before is not null && rules.IsCountedBy(quota, request.Old!) ? Increase(usage, before) : usage;
            var hard = Hard(quota);
            var wanted = more.Only(name => !more[name].Nano.IsZero && hard.ContainsKey(name));
            if (wanted.Count == 0)
            {
                continue;
            }

            // 3. Whether it fits.
            var used = Used(quota);
            var after = used.Copy();
            after.Add(wanted);
            bool Exceeds(string name) => wanted.ContainsKey(name) && after[name] > hard[name];
            if (request.Subresource != "status" && wanted.Keys.Any(Exceeds))
            {
                throw Refused(request, $"exceeded quota: {Name(quota)}, requested: {wanted.Only(Exceeds)}, used: {used.Only(Exceeds)}, limited: {hard.Only(Exceeds)}");
            }

            charges.Add((quota, after));
        }

        return charges;
    }

    /// <summary>By how much more the object uses now; what it uses less of is given back by the quota's own count, later.</summary>
    private static Amounts Increase(Amounts now, Amounts before)
    {
        var result = new Amounts();
        foreach (var (name, quantity) in now)
        {
            var more = before.TryGetValue(name, out var old) ? quantity - old : quantity;
            result[name] = more > Quantity.Zero ? more : Quantity.Zero;
        }

        return result;
    }

    private static Amounts Hard(JsonObject quota) => Amounts.Of(quota.At("status", "hard"));

    private static Amounts Used(JsonObject quota) => Amounts.Of(quota.At("status", "used"));

    private static string Name(JsonObject quota) => quota.Text("metadata", "name")!;

    private static ApiStatusException Refused(AdmissionRequest request, string why) => ApiErrors.Forbidden(request.Type, request.Name, why);
}
