using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Workspaces.EndToEnd;

/// <summary>
/// Runs the commands of the documentation as they stand, in order, in a folder of their own: what a reader is told to type works.
/// Blocks marked <c>sh</c> are commands; other blocks are not.
/// </summary>
public sealed partial class DocumentationTests : IDisposable
{
    private readonly string _checkout = Directory.CreateTempSubdirectory("workspaces-docs-").FullName;

    public DocumentationTests()
    {
        File.SetUnixFileMode(_checkout, (UnixFileMode)Convert.ToInt32("755", 8));

        // Everything of the checkout but its state, so that the commands' .local is a new one.
        foreach (var entry in Directory.GetFileSystemEntries(Repository.Root).Where(entry => Path.GetFileName(entry) is not (".local" or ".git")))
        {
            File.CreateSymbolicLink(Path.Combine(_checkout, Path.GetFileName(entry)), entry);
        }
    }

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Theory]
    [InlineData("README.md")]
    [InlineData("tools/LocalCluster/README.md")]
    public async Task Commands_OfADocument_Work(string document)
    {
        var commands = ShellBlocks().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(commands);
        var script = new StringBuilder()
            .AppendLine("cd \"$1\"")
            .AppendLine("export WORKSPACES_PORTS=auto WORKSPACES_BUILD=never")
            .AppendLine("trap './run --stop >/dev/null' EXIT")
            .AppendJoin('\n', commands);

        var result = await Command.RunAsync(
            "bash", ["-euxo", "pipefail", "-c", script.ToString(), "docs", _checkout], timeout: TimeSpan.FromMinutes(5));

        result.MustSucceed();
    }

    [Fact]
    public void Paths_InTheCodeMap_Exist()
    {
        var paths = RepositoryPaths().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "code-map.md"))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"docs/code-map.md names {path}, which does not exist."));
    }

    [GeneratedRegex("`((?:libraries|services|tools|tests|images|blueprints|docs|build)(?:/[^`]*)?)`")]
    private static partial Regex RepositoryPaths();

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlocks();
}
