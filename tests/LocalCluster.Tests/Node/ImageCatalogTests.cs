using Workspaces.LocalCluster.Node.Images;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Node;

public sealed class ImageCatalogTests() : OwnTests("the image catalog"), IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcluster-images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("team/app", true)]
    [InlineData("docker.io/team/app:any", true)]
    [InlineData("team/app@sha256:0123", true)]
    [InlineData("registry.example.com:5000/team/app", false)]
    [InlineData("team/other", false)]
    public void Find_ImageWithoutTags_MatchesEveryTagOfTheName(string image, bool found)
    {
        Write("a.yaml", "name: team/app\nhost: true\n");

        Assert.Equal(found, new ImageCatalog(_folder).Find(image) is not null);
    }

    [Theory]
    [InlineData("app", true)]
    [InlineData("app:latest", true)]
    [InlineData("app:1.2", true)]
    [InlineData("app:1.3", false)]
    [InlineData("app@sha256:0123", false)]
    public void Find_ImageWithTags_MatchesOnlyThese(string image, bool found)
    {
        Write("a.yaml", "name: app\ntags: [latest, \"1.2\"]\nhost: true\n");

        Assert.Equal(found, new ImageCatalog(_folder).Find(image) is not null);
    }

    [Fact]
    public void Find_RelativePaths_AreRelativeToTheFile()
    {
        Write("a.yaml", "name: app\nfolder: ../root\nmounts:\n- { from: extra, to: /opt/extra }\n");

        var image = new ImageCatalog(_folder).Find("app")!;

        Assert.Equal(Path.GetFullPath("../root", _folder), image.Folder);
        Assert.Equal(new ImageMount(Path.Combine(_folder, "extra"), "/opt/extra", ReadOnly: true), Assert.Single(image.Mounts));
    }

    [Fact]
    public void Find_FileThatChanged_IsReadAgain()
    {
        Write("a.yaml", "name: app\nhost: true\n");
        var catalog = new ImageCatalog(_folder);
        Assert.Null(catalog.Find("later"));

        Write("b.yaml", "name: later\nhost: true\n---\nname: too\nhost: true\n");

        Assert.NotNull(catalog.Find("later"));
        Assert.NotNull(catalog.Find("too"));
    }

    [Theory]
    [InlineData("host: true\n", "`name` is missing")]
    [InlineData("name: app\n", "exactly one of `host: true` and `folder: PATH`")]
    [InlineData("name: app\nhost: true\nfolder: x\n", "exactly one of `host: true` and `folder: PATH`")]
    [InlineData("name: app:1\nhost: true\n", "must not have a tag")]
    [InlineData("name: app\nfolder: x\nmask: [/work]\n", "`mask` goes with `host: true` only")]
    [InlineData("name: app\nhost: true\nmounts: [{ from: x, to: opt }]\n", "'opt' must be an absolute path")]
    [InlineData("name: app\nhost: true\nentripoint: [sh]\n", "line 3")]
    public void Find_FileThatIsWrong_NamesFileAndReason(string text, string reason)
    {
        Write("wrong.yaml", text);

        var error = Assert.Throws<ImageFileException>(() => new ImageCatalog(_folder).Find("app"));

        Assert.Contains(Path.Combine(_folder, "wrong.yaml"), error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
