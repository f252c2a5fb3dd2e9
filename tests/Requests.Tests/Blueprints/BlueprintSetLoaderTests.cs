using Workspaces.Requests.Blueprints;

namespace Workspaces.Requests.Tests.Blueprints;

/// <summary>What is wrong with a set is said with file, line, column and a hint; nothing of a bad set is used.</summary>
public sealed class BlueprintSetLoaderTests
{
    private const string Base = "name: base\nabstract: true\nimage: registry.example.com/base:1\n";

    [Fact]
    public void Load_OfGoodFiles_HasThemAll()
    {
        var (set, problems) = BlueprintSetLoader.Load([("base.yaml", Base), ("dev.yaml", "name: dev\nextends: base\n")]);

        Assert.Empty(problems);
        Assert.Equal(["base", "dev"], set!.Templates.Keys.Order());
        Assert.True(set.Templates["base"].Abstract);
    }

    [Theory]
    [InlineData("name: dev\nimage: a\nresorces: {}\n", "x.yaml:3:1: 'resorces' is not a key of a blueprint. Did you mean 'resources'?")]
    [InlineData("name: dev\nimage: a\nuser: { shel: /bin/sh }\n", "x.yaml:3:9: 'shel' is not a key of user. Did you mean 'shell'?")]
    [InlineData("name: dev\nimage: a\nsecurityContext: { runAsNonroot: true }\n", "Did you mean 'runAsNonRoot'?")]
    [InlineData("name: Dev_1\nimage: a\n", "x.yaml:1:7: name: 'Dev_1' must be a DNS label")]
    [InlineData("image: a\n", "x.yaml:1:1: The blueprint needs 'name'.")]
    [InlineData("name: dev\n", "image: A blueprint that is not abstract needs an image")]
    [InlineData("name: dev\nimage: a\nresources: { limits: { cpu: lots } }\n", "resources.limits.cpu: 'lots' must be a Kubernetes quantity")]
    [InlineData("name: dev\nimage: a\nresources: { requests: { cpu: 2 }, limits: { cpu: 500m } }\n", "the request of 2 cpu is above the limit of 500m")]
    [InlineData("name: dev\nimage: a\nstorage: { home: { type: volume, path: /home } }\n", "a volume needs 'size'")]
    [InlineData("name: dev\nimage: a\nstorage: { home: { type: volum, path: /home, size: 1Gi } }\n", "must be one of volume, claim, emptyDir, memory. Did you mean 'volume'?")]
    [InlineData("name: dev\nimage: a\nstorage: { home: { type: emptyDir, path: /home, size: 1Gi } }\n", "storage of type emptyDir has no 'size'; write 'sizeLimit'")]
    [InlineData("name: dev\nimage: a\nstorage: { a: { type: emptyDir, path: home } }\n", "'home' must be an absolute path")]
    [InlineData("name: dev\nimage: a\nstorage: { a: { type: emptyDir, path: /x }, b: { type: memory, path: /x } }\n", "/x is already the path of storage 'a'")]
    [InlineData("name: dev\nimage: a\nstorage: { a: { type: emptyDir, path: /.workspace/x } }\n", "/.workspace belongs to the toolkit")]
    [InlineData("name: dev\nimage: a\nlifetime: { ttl: soon }\n", "'soon' must be a duration such as 30m")]
    [InlineData("name: dev\nimage: a\nlifetime: { ttl: 3d, maxTtl: 1d }\n", "ttl 3d is longer than maxTtl 1d")]
    [InlineData("name: dev\nimage: a\nfiles: { /etc/x: { content: a, mode: 0888 } }\n", "'0888' must be an octal mode")]
    [InlineData("name: dev\nimage: a\nnetwork: { egress: { cidrs: [10.96.0.1/12] } }\n", "must be a range in CIDR notation")]
    [InlineData("name: dev\nimage: a\napps: { web: { command: [x], port: 2222 } }\n", "is the port of the SSH server")]
    [InlineData("name: dev\nimage: a\napps: { web: { command: [x], port: 80 }, b: { command: [y], port: 80 } }\n", "port 80 is already taken by app 'web'")]
    [InlineData("name: dev\nimage: a\nenv: { 1X: a }\n", "the key '1X' must be a variable name")]
    [InlineData("name: dev\nimage: a\nenv: { WORKSPACE_ID: a }\n", "is reserved")]
    [InlineData("name: dev\nimage: a\nenv: [A]\n", "x.yaml:3:6: env must be a map, not a list.")]
    [InlineData("name: dev\nimage: a\nuser: { uid: -1 }\n", "must be a whole number from 0")]
    [InlineData("name: dev\nimage: a\nsecurityContext: { capabilities: { add: [SYS_PTRAC] } }\n", "is not a Linux capability. Did you mean 'SYS_PTRACE'?")]
    [InlineData("name: dev\nimage: a\nsecurityContext: { capabilities: { add: [CAP_NET_RAW] } }\n", "must be written without CAP_: NET_RAW")]
    [InlineData("name: dev\nimage: a\nenv: { A: \"${owner.nam}\" }\n", "'${owner.nam}' is not known here. Did you mean 'owner.name'?")]
    [InlineData("name: dev\nimage: a\nenv: { A: \"${HOME}\" }\n", "Write '$${HOME}' for the literal text.")]
    [InlineData("name: dev\nimage: a\nenv: { A: \"${owner.name\" }\n", "'${' is not closed by '}'")]
    [InlineData("name: dev\nimage: a\nparameters: { cpu: { default: '8', allowed: ['1', '2'] } }\n", "the default '8' is not among the allowed values 1, 2")]
    [InlineData("name: dev\nimage: a\nparameters: { size: { default: 1Gi, allowed: [1Gi, huge] } }\nstorage: { h: { type: volume, path: /h, size: \"${parameters.size}\" } }\n", "'huge' must be a size such as 10Gi")]
    [InlineData("name: dev\nimage: a\npodman: { enabled: true }\n", "podman.enabled needs podman.image")]
    [InlineData("name: dev\nimage: a\ninitScripts: [{ name: a, run: x }, { name: a, run: y }]\n", "2 init scripts are named 'a'")]
    [InlineData("name: dev\nimage: a\nextends: bsae\n", "x.yaml:3:10: extends: there is no blueprint 'bsae'. Did you mean 'base'?")]
    [InlineData("name: base\nimage: a\n", "The name 'base' is already taken by base.yaml.")]
    [InlineData("name: dev\n  image: a\n", "x.yaml:2:")]
    [InlineData("name: dev\nname: dev\nimage: a\n", "This is not valid YAML")]
    [InlineData("- name: dev\n", "A blueprint is a map of keys; this file holds a list.")]
    [InlineData("name: dev\nimage: a\n---\nname: b\nimage: b\n", "exactly one blueprint; this one holds 2")]
    [InlineData("", "exactly one blueprint; this one holds 0")]
    public void Load_OfABadFile_SaysWhereAndWhat(string text, string expected)
    {
        var (set, problems) = BlueprintSetLoader.Load([("base.yaml", Base), ("x.yaml", text)]);

        Assert.Null(set);
        Assert.Contains(expected, string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfACircle_NamesIt()
    {
        var (set, problems) = BlueprintSetLoader.Load(
            [("a.yaml", "name: a\nextends: b\n"), ("b.yaml", "name: b\nextends: c\n"), ("c.yaml", "name: c\nextends: a\n")]);

        Assert.Null(set);
        Assert.Contains("a -> b -> c -> a", string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfABadValueInAParent_NamesTheParentsFile()
    {
        var (_, problems) = BlueprintSetLoader.Load(
            [("base.yaml", Base + "resources: { requests: { cpu: 4 } }\n"), ("dev.yaml", "name: dev\nextends: base\nresources: { limits: { cpu: 2 } }\n")]);

        Assert.Equal("base.yaml:4:26", Assert.Single(problems).Location.ToString());
    }

    [Fact]
    public void Load_OfABillionLaughs_IsRefusedQuickly()
    {
        var text = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
            + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";

        var (set, problems) = BlueprintSetLoader.Load([("x.yaml", text)]);

        Assert.Null(set);
        Assert.Contains(problems, problem => problem.Message.Contains("more than", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OfTheBlueprintsOfTheProduct_Succeeds()
    {
        var folder = Path.Combine(RepositoryRoot(), "blueprints");
        var files = System.IO.Directory.EnumerateFiles(folder, "*.yaml").Select(path => (Path.GetFileName(path), File.ReadAllText(path)));

        var (set, problems) = BlueprintSetLoader.Load(files);

        Assert.Empty(problems);
        Assert.True(set!.Templates["base"].Abstract);
        Assert.False(set.Templates["dev"].Abstract);
    }

    private static string RepositoryRoot([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
