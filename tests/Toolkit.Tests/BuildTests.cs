using System.Security.Cryptography;
using Workspaces.Toolkit.Tests.Running;
using Xunit;

namespace Workspaces.Toolkit.Tests;

public sealed class BuildTests(ToolkitBuild toolkit) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolkit-build-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Build_Again_GivesTheSameNamesBytesModesAndTimes()
    {
        var again = Path.Combine(_folder, "toolkit");

        (await ToolkitBuild.BuildAsync("--out", again)).MustSucceed();

        Assert.Equal(Describe(toolkit.Image), Describe(again));
    }

    [Fact]
    public void Packages_AreThoseOfTheLockFile() =>
        Assert.Equal(
            File.ReadLines(ToolkitBuild.LockFile).Where(line => !line.StartsWith('#')),
            File.ReadLines(Path.Combine(toolkit.Image, ".workspace", "share", "packages")));

    [Fact]
    public async Task Build_WithAWrongChecksum_IsRefused()
    {
        // A package in the cache under the right name with other bytes, as a tampered mirror would give it.
        var line = File.ReadLines(ToolkitBuild.LockFile).First(line => line.StartsWith("zlib1g ", StringComparison.Ordinal)).Split(' ');
        var package = Path.Combine(_folder, $"{line[0]}_{line[1].Replace(":", "%3a", StringComparison.Ordinal)}_amd64.deb");
        File.WriteAllText(package, "something else");

        var outcome = await ToolkitBuild.BuildAsync("--out", Path.Combine(_folder, "toolkit"), "--cache", _folder);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("zlib1g", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("checksum", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "toolkit")));
    }

    private static List<string> Describe(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => string.Join(' ', Path.GetRelativePath(folder, entry.FullName), entry.UnixFileMode, entry.LastWriteTimeUtc.Ticks, entry.LinkTarget, Content(entry)))
            .Order(StringComparer.Ordinal)];

    private static string Content(FileSystemInfo entry) =>
        entry is FileInfo { LinkTarget: null } ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(entry.FullName))) : "";
}
