using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts.Blueprints;
using Xunit;

namespace Workspaces.Cluster.Tests.Rendering;

/// <summary>
/// What is applied for a blueprint stands in <c>Golden/</c>, so that a change shows in a diff. After one that is meant, run the tests
/// with <c>UPDATE_SNAPSHOTS=1</c> and commit what they wrote.
/// </summary>
public sealed class StandaloneRendererTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Samples() => ["minimal", "everything", "restricted"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Render_OfSample_IsTheGoldenFile(string sample)
    {
        var input = RenderingSamples.Of(BlueprintOf(sample));
        var objects = StandaloneRenderer.Render(input, RenderingSamples.Options).InOrder().ToList();
        objects.AddRange((input.Blueprint.Storage ?? new Dictionary<string, BlueprintStorage>())
            .Where(entry => entry.Value.Type == BlueprintStorageType.Volume)
            .Select(entry => StorageRenderer.Claim(input, entry.Key, entry.Value)));
        var rendered = new JsonArray([.. objects]).ToJsonString(Readable) + "\n";
        var path = GoldenFile(sample);

        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, rendered);
        }

        Assert.True(File.Exists(path), $"No golden file for {sample}. Run with UPDATE_SNAPSHOTS=1 and commit {path}.");
        Assert.Equal(File.ReadAllText(path), rendered);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Render_Twice_IsTheSame(string sample)
    {
        var input = RenderingSamples.Of(BlueprintOf(sample));

        var first = StandaloneRenderer.Render(input, RenderingSamples.Options).InOrder();
        var second = StandaloneRenderer.Render(input, RenderingSamples.Options).InOrder();

        Assert.Equal(first.Select(each => each.ToJsonString()), second.Select(each => each.ToJsonString()));
    }

    [Fact]
    public void Render_OfAnotherGeneration_KeepsThePodTemplate()
    {
        var input = RenderingSamples.Of(RenderingSamples.Everything);

        var first = StandaloneRenderer.Render(input, RenderingSamples.Options).StatefulSet;
        var later = StandaloneRenderer.Render(input with { Generation = 7, Replicas = 0 }, RenderingSamples.Options).StatefulSet;

        Assert.Equal(Template(first), Template(later));
        Assert.NotEqual(first.ToJsonString(), later.ToJsonString());
    }

    [Theory]
    [InlineData("""{"capabilities":{"add":["NET_RAW"]}}""", """{"add":["NET_RAW"],"drop":["MKNOD"]}""")]
    [InlineData("""{"capabilities":{"add":["ALL"]}}""", """{"add":["ALL"]}""")]
    [InlineData("""{"capabilities":{"drop":["ALL"]}}""", """{"drop":["ALL"]}""")]
    [InlineData("""{}""", """{"drop":["MKNOD","NET_RAW"]}""")]
    public void Render_OfSecurityContext_DropsNothingThatTheBlueprintAdds(string securityContext, string capabilities)
    {
        var blueprint = RenderingSamples.Minimal with { SecurityContext = JsonNode.Parse(securityContext)!.AsObject() };

        var rendered = StandaloneRenderer.Render(RenderingSamples.Of(blueprint), RenderingSamples.Options).StatefulSet;

        var container = rendered["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal(capabilities, container["securityContext"]!["capabilities"]!.ToJsonString());
    }

    [Fact]
    public void InStandalone_OfEverythingNotOffered_NamesEachPart()
    {
        var blueprint = RenderingSamples.Minimal with
        {
            Image = null,
            Podman = new BlueprintPodman { Enabled = true },
            InitScripts = [new BlueprintInitScript { Name = "clone", Run = "true" }],
            Apps = new Dictionary<string, BlueprintApp> { ["editor"] = new() { Command = ["true"], Port = 8080 } },
            Env = new Dictionary<string, string> { ["WORKSPACE_ID"] = "another" },
            Storage = new Dictionary<string, BlueprintStorage>
            {
                ["home"] = new() { Type = BlueprintStorageType.Volume, Path = "/home" },
                ["data"] = new() { Type = BlueprintStorageType.Claim, Path = "/data" },
            },
            Files = new Dictionary<string, BlueprintFile> { ["/etc/x"] = new() { Content = "", Mode = "0999" } },
        };

        var sentences = UnsupportedParts.InStandalone(blueprint);

        foreach (var part in new[] { "image", "podman", "initScripts", "apps", "WORKSPACE_ID", "'home'", "'data'", "0999" })
        {
            Assert.Contains(sentences, sentence => sentence.Contains(part, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void InStandalone_OfSample_FindsNothing(string sample) => Assert.Empty(UnsupportedParts.InStandalone(BlueprintOf(sample)));

    private static string Template(JsonObject statefulSet) => statefulSet["spec"]!["template"]!.ToJsonString();

    private static Blueprint BlueprintOf(string sample) => sample switch
    {
        "minimal" => RenderingSamples.Minimal,
        "everything" => RenderingSamples.Everything,
        _ => RenderingSamples.Restricted,
    };

    private static string GoldenFile(string sample, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Golden", sample + ".json");
}
