using Xunit;

namespace Workspaces.Support.Ssh;

/// <summary>Programs that people use, as Debian packages them. Where one is missing the test says so; in CI it fails.</summary>
public static class StockProgram
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin", "/usr/lib/openssh"];

    /// <summary>The program's path, or a skipped test that names the package to install.</summary>
    public static string Find(string name, string package)
    {
        foreach (var folder in Folders)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        var reason = $"'{name}' is not installed (Debian package {package}).";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
        return "";
    }
}
