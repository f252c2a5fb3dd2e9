using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>
/// What must hold of field ownership whatever several managers apply, in whatever order: random configurations of several managers on one object, with a
/// seed that a failure names.
/// </summary>
public sealed class OwnershipPropertyTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Original = """
        {"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t","labels":{"own":"1"}},"template":{"metadata":{"labels":{"own":"1"}},"spec":{"terminationGracePeriodSeconds":7,
        "containers":[{"name":"main","image":"main:1","env":[{"name":"OWN","value":"1"}],"ports":[{"containerPort":80}]},{"name":"side","image":"side:1"}],
        "volumes":[{"name":"own","emptyDir":{}}]}}}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task NameOnlyApplies_OfAllManagersInAnyOrder_RestoreTheOriginal(int seed)
    {
        var random = new Random(seed);
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.PodTemplates(ns)}/t";
        var made = await cluster.Client.PostAsync($"{Wire.PodTemplates(ns)}?fieldManager=owner", Original);
        var managers = new[] { "a", "b", "c", "d" };
        for (var step = 0; step < 14; step++)
        {
            var manager = managers[random.Next(managers.Length)];
            var answer = await cluster.ApplyAsync(path, manager, Configuration(random, manager).ToJsonString());
            Assert.True(answer.Code is HttpStatusCode.OK or HttpStatusCode.Conflict, $"seed {seed}, step {step}: {answer.Code} {answer.Message}");
            var now = await cluster.Client.GetAsync(path);
            AssertOwnedFieldsExist(now.Ok(), seed, step);
        }

        random.Shuffle(managers);
        foreach (var manager in managers)
        {
            (await cluster.ApplyAsync(path, manager, NameOnly)).Ok();
        }

        var restored = await cluster.Client.GetAsync(path);
        Assert.Equal(ByName(made), ByName(restored));
        Assert.Equal(made.Text("metadata", "labels"), restored.Text("metadata", "labels"));
        Assert.Equal(made.Owners(), restored.Owners());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Updates_GiveEveryChangedFieldToOneUpdater(int seed)
    {
        var random = new Random(seed);
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        var owner = new Dictionary<string, string>();
        await cluster.Client.PostAsync($"{Wire.ConfigMaps(ns)}?fieldManager=u0", Wire.Map("m", """{"k0":"0"}"""));
        owner["k0"] = "u0";
        for (var step = 0; step < 25; step++)
        {
            var (manager, key) = ($"u{random.Next(4)}", $"k{random.Next(6)}");
            var remove = random.Next(4) == 0;
            await cluster.Client.PatchAsync($"{path}?fieldManager={manager}", $$$"""{"data":{"{{{key}}}":{{{(remove ? "null" : $"\"{step}\"")}}}}}""", Wire.Merge);
            if (remove)
            {
                owner.Remove(key);
            }
            else
            {
                owner[key] = manager;
            }
        }

        // The sets partition the data: each key has the one owner who set it last.
        var entries = (await cluster.Client.GetAsync(path)).Ok()["metadata"]!["managedFields"] as JsonArray ?? [];
        var found = entries.SelectMany(e => (e!["fieldsV1"]!["f:data"] as JsonObject ?? []).Where(f => f.Key != ".").Select(f => (Key: f.Key[2..], Manager: (string)e["manager"]!)));
        Assert.Equal(owner.Select(o => (o.Key, o.Value)).Order(), found.Order());
    }

    /// <summary>The template with its containers in the order of their names: an apply that names two of them also says their order, and that stays.</summary>
    private static string ByName(Answer answer)
    {
        var template = answer.Ok()["template"]!.DeepClone();
        var containers = template["spec"]!["containers"]!.AsArray();
        template["spec"]!["containers"] = new JsonArray([.. containers.OrderBy(c => (string)c!["name"]!, StringComparer.Ordinal).Select(c => c!.DeepClone())]);
        return template.ToJsonString();
    }

    private static string NameOnly => """{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"t"}}""";

    /// <summary>Some of what a manager might add: things of its own, things that several share, and things of the owner with the owner's value.</summary>
    private static JsonObject Configuration(Random random, string manager)
    {
        bool Chance() => random.Next(2) == 0;
        var labels = new JsonObject();
        var podLabels = new JsonObject();
        var spec = new JsonObject();
        var containers = new JsonArray();
        if (Chance())
        {
            labels[$"of-{manager}"] = $"{random.Next(3)}";
        }

        if (Chance())
        {
            labels["shared"] = "1";
        }

        if (Chance())
        {
            podLabels[$"of-{manager}"] = "1";
        }

        if (Chance())
        {
            spec["shareProcessNamespace"] = true;
        }

        if (Chance())
        {
            var own = new JsonObject { ["name"] = $"ws-{manager}", ["image"] = $"ws:{random.Next(3)}" };
            if (Chance())
            {
                own["env"] = new JsonArray(new JsonObject { ["name"] = "X", ["value"] = $"{random.Next(3)}" }, new JsonObject { ["name"] = "Y", ["value"] = "1" });
            }

            if (Chance())
            {
                own["securityContext"] = new JsonObject { ["runAsUser"] = random.Next(3) };
            }

            containers.Add(own);
        }

        if (Chance())
        {
            var main = new JsonObject { ["name"] = "main" };
            if (Chance())
            {
                main["env"] = new JsonArray(new JsonObject { ["name"] = $"OF_{manager}", ["value"] = $"{random.Next(3)}" });
            }

            if (Chance())
            {
                main["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 80, ["protocol"] = Chance() ? "UDP" : "TCP" });
            }

            containers.Add(main);
        }

        if (containers.Count > 0)
        {
            spec["containers"] = containers;
        }

        if (Chance())
        {
            spec["volumes"] = new JsonArray(new JsonObject { ["name"] = Chance() ? $"of-{manager}" : "shared", ["emptyDir"] = new JsonObject() });
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PodTemplate",
            ["metadata"] = new JsonObject { ["name"] = "t", ["labels"] = labels },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = podLabels }, ["spec"] = spec },
        };
    }

    /// <summary>Nobody owns what is not there.</summary>
    private static void AssertOwnedFieldsExist(JsonObject obj, int seed, int step)
    {
        foreach (var entry in obj["metadata"]!["managedFields"]!.AsArray())
        {
            Visit(obj, entry!["fieldsV1"]!.AsObject(), "");
        }

        void Visit(JsonNode? value, JsonObject fields, string path)
        {
            foreach (var (element, below) in fields)
            {
                if (element == ".")
                {
                    continue;
                }

                var child = element[0] == 'f' ? (value as JsonObject)?[element[2..]]
                    : element[0] == 'k' ? (value as JsonArray)?.FirstOrDefault(i => JsonNode.Parse(element[2..])!.AsObject().All(k => JsonNode.DeepEquals(k.Value, i![k.Key])))
                    : (value as JsonArray)?.FirstOrDefault(i => JsonNode.DeepEquals(i, JsonNode.Parse(element[2..])));
                Assert.True(child is not null, $"seed {seed}, step {step}: {path}{element} is owned and not there");
                Visit(child, below!.AsObject(), $"{path}{element} ");
            }
        }
    }
}
