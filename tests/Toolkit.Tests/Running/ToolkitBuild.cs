using System.Runtime.CompilerServices;
using Workspaces.Toolkit.Tests.Running;
using Xunit;

[assembly: AssemblyFixture(typeof(ToolkitBuild))]

namespace Workspaces.Toolkit.Tests.Running;

/// <summary>The toolkit as <c>images/toolkit/build</c> makes it, built once for all tests.</summary>
public sealed class ToolkitBuild : IAsyncLifetime
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", ".."));

    /// <summary>Folder that holds <c>.workspace</c>.</summary>
    public string Image { get; } = Path.Combine(Root, ".local", "images", "toolkit");

    /// <summary>Where the recorded versions stand.</summary>
    public static string LockFile => Path.Combine(Root, "images", "toolkit", "packages.lock");

    public async ValueTask InitializeAsync() => (await BuildAsync()).MustSucceed();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static Task<Outcome> BuildAsync(params string[] arguments) =>
        StockProgram.RunAsync(Path.Combine(Root, "images", "toolkit", "build"), arguments, deadline: TimeSpan.FromMinutes(5));

    private static string ThisFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
