using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Blueprints;
using Workspaces.Requests.Blueprints.Resolving;

namespace Workspaces.Requests.Tests.Blueprints;

/// <summary>What comes out of a good set for a request: merge rules, interpolation, parameters.</summary>
public sealed class BlueprintResolvingTests
{
    private const string Parent =
        """
        name: parent
        abstract: true
        image: registry.example.com/dev:24.04
        imagePullSecrets: [one]
        env: { EDITOR: vim, GONE: "1", TEAM: "${owner.groups}" }
        securityContext: { runAsNonRoot: true, capabilities: { add: [SYS_PTRACE] } }
        storage:
          home: { type: volume, path: "/home/${owner.name}", size: 10Gi, accessModes: [ReadWriteOnce] }
          scratch: { type: emptyDir, path: /scratch }
        apps: { editor: { command: [code, --port, "8080"], port: 8080 } }
        lifetime: { ttl: 12h }
        """;

    private const string Child =
        """
        name: child
        extends: parent
        parameters:
          cpu: { default: "2", allowed: ["1", "2", "4"] }
          note: { default: "" }
        imagePullSecrets: [two]
        env: { EDITOR: nano, GONE: null, CPU: "${parameters.cpu}", NOTE: "${parameters.note}", LITERAL: "$${HOME} ${workspace.name}" }
        securityContext: { capabilities: { add: [NET_ADMIN] } }
        storage:
          home: { accessModes: [ReadWriteMany], retain: true }
          scratch: null
        apps: { editor: { command: [code] } }
        resources: { limits: { cpu: "${parameters.cpu}", memory: 1.5Gi } }
        files: { "/home/${owner.name}/.rc": { content: "x", mode: 0640 } }
        user: { uid: "${owner.uid}", sudo: false }
        """;

    [Fact]
    public void Resolve_MergesChildOverParent()
    {
        var blueprint = Resolve("child").Blueprint!;

        Assert.Equal("registry.example.com/dev:24.04", blueprint.Image);
        Assert.Equal(["one", "two"], blueprint.ImagePullSecrets);
        Assert.Equal("nano", blueprint.Env!["EDITOR"]);
        Assert.False(blueprint.Env.ContainsKey("GONE"));
        Assert.Equal("""{"runAsNonRoot":true,"capabilities":{"add":["SYS_PTRACE","NET_ADMIN"]}}""", blueprint.SecurityContext!.ToJsonString());
        Assert.Equal(["ReadWriteMany"], blueprint.Storage!["home"].AccessModes);
        Assert.Equal("10Gi", blueprint.Storage["home"].Size);
        Assert.True(blueprint.Storage["home"].Retain);
        Assert.False(blueprint.Storage.ContainsKey("scratch"));
        Assert.Equal(["code"], blueprint.Apps!["editor"].Command);
        Assert.Equal(8080, blueprint.Apps["editor"].Port);
        Assert.Equal("12h", blueprint.Lifetime!.Ttl);
    }

    [Fact]
    public void Resolve_LeavesNothingOfLoadTime()
    {
        var blueprint = Resolve("child").Blueprint!;

        Assert.Equal("child", blueprint.Name);
        Assert.Null(blueprint.Extends);
        Assert.Null(blueprint.Abstract);
        Assert.Null(blueprint.Parameters);
    }

    [Fact]
    public void Resolve_Interpolates()
    {
        var blueprint = Resolve("child", new() { ["cpu"] = "4" }).Blueprint!;

        Assert.Equal("/home/alice", blueprint.Storage!["home"].Path);
        Assert.Equal("payments,core", blueprint.Env!["TEAM"]);
        Assert.Equal("4", blueprint.Env["CPU"]);
        Assert.Equal("4", blueprint.Resources!.Limits!["cpu"]);
        Assert.Equal("${HOME} alice-child", blueprint.Env["LITERAL"]);
        Assert.Equal("x", blueprint.Files!["/home/alice/.rc"].Content);
        Assert.Equal("0640", blueprint.Files["/home/alice/.rc"].Mode);
        Assert.Equal(1501, blueprint.User!.Uid);
        Assert.False(blueprint.User.Sudo);
    }

    [Fact]
    public void Resolve_OfAValueThatLooksLikeAnExpression_IsNotReadAgain()
    {
        var blueprint = Resolve("child", new() { ["note"] = "${owner.email} null ~" }).Blueprint!;

        Assert.Equal("${owner.email} null ~", blueprint.Env!["NOTE"]);
    }

    [Theory]
    [InlineData("chidl", ResolveRefusalKind.UnknownBlueprint, "/blueprint", "Did you mean 'child'?")]
    [InlineData("parent", ResolveRefusalKind.AbstractBlueprint, "/blueprint", "These extend it: child")]
    public void Resolve_OfABlueprintThatCannotBeUsed_SaysWhichCan(string name, ResolveRefusalKind kind, string pointer, string message)
    {
        var refusal = Resolve(name).Refusal!;

        Assert.Equal(kind, refusal.Kind);
        var error = Assert.Single(refusal.Errors);
        Assert.Equal(pointer, error.Pointer);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", "3", "/parameters/cpu", "allowed are 1, 2, 4")]
    [InlineData("cpi", "2", "/parameters/cpi", "Did you mean 'cpu'?")]
    [InlineData("note", "a\nb", "/parameters/note", "no control characters")]
    public void Resolve_OfABadParameter_PointsAtIt(string name, string value, string pointer, string message)
    {
        var refusal = Resolve("child", new() { [name] = value }).Refusal!;

        Assert.Equal(ResolveRefusalKind.InvalidParameter, refusal.Kind);
        var error = Assert.Single(refusal.Errors);
        Assert.Equal(pointer, error.Pointer);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_WithoutARequiredParameter_AsksForIt()
    {
        var (set, problems) = BlueprintSetLoader.Load([("x.yaml", "name: x\nimage: a\nparameters: { team: {} }\nuser: { uid: \"${parameters.team}\" }\n")]);
        Assert.Empty(problems);

        Assert.Contains("'team' has no default", set!.Resolve("x", Context("x", [])).Refusal!.Errors[0].Message, StringComparison.Ordinal);

        // What only shows with the value is found with the value.
        var bad = set.Resolve("x", Context("x", new() { ["team"] = "payments" })).Refusal!;
        Assert.Equal(ResolveRefusalKind.InvalidBlueprint, bad.Kind);
        Assert.Contains("x.yaml:4:14: user.uid: 'payments' must be a whole number", bad.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(7, set.Resolve("x", Context("x", new() { ["team"] = "7" })).Blueprint!.User!.Uid);
    }

    [Fact]
    public void Resolve_OfABlueprintThatReadsTheTarget_NeedsOne()
    {
        var (set, _) = BlueprintSetLoader.Load([("x.yaml", "name: x\nimage: a\nenv: { T: \"${target.kind}/${target.mode}\" }\n")]);

        Assert.Contains("injection only", set!.Resolve("x", Context("x", [])).Refusal!.Errors[0].Message, StringComparison.Ordinal);
        var injected = Context("x", []) with { Target = new WorkspaceTarget { Kind = "Deployment", Namespace = "shop", Name = "payments", Mode = InjectionMode.Live } };
        Assert.Equal("Deployment/live", set.Resolve("x", injected).Blueprint!.Env!["T"]);
    }

    [Fact]
    public void Origins_OfAMergedBlueprint_NameTheFileOfEachValue()
    {
        var origins = Origins.Of(Resolve("child").Tree!);

        Assert.StartsWith("parent.yaml:3:", origins["/image"], StringComparison.Ordinal);
        Assert.StartsWith("child.yaml:", origins["/env/EDITOR"], StringComparison.Ordinal);
        Assert.StartsWith("parent.yaml:", origins["/storage/home/path"], StringComparison.Ordinal);
    }

    [Fact]
    public void Ignored_OfAnInjection_FollowsTheTable()
    {
        var blueprint = new Blueprint
        {
            Name = "x",
            Podman = new BlueprintPodman { Enabled = true },
            Network = new BlueprintNetwork(),
            Scheduling = new BlueprintScheduling { PriorityClassName = "high" },
            Resources = new BlueprintResources(),
            Storage = new Dictionary<string, BlueprintStorage>
            {
                ["once"] = new() { Type = BlueprintStorageType.Volume, Path = "/data", Size = "1Gi" },
                ["home"] = new() { Type = BlueprintStorageType.Volume, Path = "/home/alice/x", Size = "1Gi", AccessModes = ["ReadWriteMany"] },
                ["shared"] = new() { Type = BlueprintStorageType.Volume, Path = "/shared", Size = "1Gi", AccessModes = ["ReadWriteMany"] },
                ["scratch"] = new() { Type = BlueprintStorageType.EmptyDir, Path = "/scratch" },
            },
        };

        string[] Fields(WorkspaceTarget? target) => [.. IgnoredParts.Of(blueprint, "alice", target).Select(part => part.Field)];
        var rollout = new WorkspaceTarget { Kind = "Deployment", Namespace = "shop", Name = "payments" };

        Assert.Empty(Fields(null));
        Assert.Equal(["podman", "network", "scheduling", "storage.once", "storage.home"], Fields(rollout));
        Assert.Equal(
            ["podman", "network", "scheduling", "resources", "storage.once", "storage.home", "storage.shared", "storage.scratch"],
            Fields(rollout with { Mode = InjectionMode.Live }));
    }

    private static Resolution Resolve(string name, Dictionary<string, string>? parameters = null)
    {
        var (set, problems) = BlueprintSetLoader.Load([("parent.yaml", Parent), ("child.yaml", Child)]);
        Assert.Empty(problems);
        return set!.Resolve(name, Context(name, parameters ?? []));
    }

    private static ResolveContext Context(string name, Dictionary<string, string> parameters) => new()
    {
        Owner = new WorkspaceOwner { Name = "alice", Uid = 1501, Gid = 1500, Email = "alice@example.com", Groups = ["payments", "core"] },
        WorkspaceId = "k7f3q2mabc",
        WorkspaceName = $"alice-{name}",
        Parameters = parameters,
    };
}
