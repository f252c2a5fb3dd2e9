using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Xunit;

namespace Workspaces.Cluster.Tests.Rendering;

/// <summary>What is applied to somebody's workload stands in <c>Golden/</c>, like what is applied for standalone workspaces.</summary>
public sealed class InjectionRendererTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("injected-minimal")]
    [InlineData("injected-everything")]
    public void Inject_OfSample_IsTheGoldenFile(string sample)
    {
        var rendered = InjectionRenderer.Inject(InputOf(sample), RenderingSamples.Options).ToJsonString(Readable) + "\n";
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Golden", $"{sample}.json");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, rendered);
        }

        Assert.True(File.Exists(path), $"No golden file for {sample}. Run with UPDATE_SNAPSHOTS=1 and commit {path}.");
        Assert.Equal(File.ReadAllText(path), rendered);
    }

    [Fact]
    public void Inject_OfEverything_HasNothingThatCouldHoldBackOrSteerTheService()
    {
        var pod = InjectionRenderer.Inject(InputOf("injected-everything"), RenderingSamples.Options)["spec"]!["template"]!["spec"]!;

        Assert.All(
            pod["volumes"]!.AsArray().Select(volume => volume!["configMap"] ?? volume["secret"]).OfType<JsonObject>(),
            source => Assert.True((bool)source["optional"]!));
        foreach (var container in pod["containers"]!.AsArray().OfType<JsonObject>())
        {
            Assert.Null(container["readinessProbe"]);
            Assert.Null(container["livenessProbe"]);
            Assert.Null(container["ports"]);
            Assert.NotNull(container["startupProbe"]);
        }
    }

    [Fact]
    public void Inject_OfTwoWorkspaces_SharesNoNameButTheLabel()
    {
        var one = InputOf("injected-minimal");
        var other = one with { Workspace = one.Workspace with { WorkspaceId = "b2c3d4e" }, SshPort = 2223 };

        var names = new[] { one, other }.Select(input => NamesIn(InjectionRenderer.Inject(input, RenderingSamples.Options))).ToArray();

        Assert.Equal(["workspaces.dev/injected"], names[0].Intersect(names[1]));
    }

    private static IEnumerable<string> NamesIn(JsonObject patch)
    {
        var template = patch["spec"]!["template"]!;
        return new[] { "containers", "initContainers", "volumes" }
            .SelectMany(list => template["spec"]![list]!.AsArray().Select(each => (string)each!["name"]!))
            .Concat(template["metadata"]!["labels"]!.AsObject().Select(label => label.Key))
            .Concat(template["metadata"]!["annotations"]!.AsObject().Select(annotation => annotation.Key))
            .Concat(patch["metadata"]!["annotations"]!.AsObject().Select(annotation => annotation.Key));
    }

    private static InjectionInput InputOf(string sample)
    {
        var everything = sample == "injected-everything";
        var blueprint = everything
            ? RenderingSamples.Everything with
            {
                Storage = RenderingSamples.Everything.Storage!.Where(entry => entry.Value.Type != BlueprintStorageType.Volume).ToDictionary(),
            }
            : RenderingSamples.Minimal with { User = new BlueprintUser { Uid = 10001, Gid = 10001 } };
        return new InjectionInput
        {
            Workspace = RenderingSamples.Of(blueprint) with { Model = WorkspaceModel.Injection, Namespace = "shop" },
            Target = new WorkloadReference("Deployment", "payments", "u1"),
            RecordNamespace = "workspaces-system",
            SshPort = 2222,
            Unprivileged = !everything,
            KeptCapabilities = everything ? ["NET_RAW"] : [],
            SharesProcesses = !everything,
            Resources = everything ? JsonNode.Parse("""{"requests":{"cpu":"10m","memory":"32Mi"}}""")!.AsObject() : null,
        };
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
