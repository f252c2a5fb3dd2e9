using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using RabbitMQ.Client;
using Xunit;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>The NuGet package of the contracts, as another team gets it: packed from this build, referenced from a project that knows nothing else of ours.</summary>
internal static class ContractsPackage
{
    private const string Name = "Workspaces.Contracts";

    /// <summary>Builds a program with one source file that references the package and RabbitMQ.Client. Returns the program's assembly.</summary>
    public static async Task<string> BuildConsumerAsync(DirectoryInfo folder, string source, CancellationToken cancellationToken)
    {
        var feed = folder.CreateSubdirectory("feed");
        var project = folder.CreateSubdirectory("Consumer");
        var version = await PackAsync(feed, cancellationToken);
        var client = FileVersionInfo.GetVersionInfo(typeof(ConnectionFactory).Assembly.Location).ProductVersion!.Split('+')[0];
        await WriteAsync("Consumer.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Name}" Version="[{version}]" />
                <PackageReference Include="RabbitMQ.Client" Version="[{client}]" />
              </ItemGroup>
            </Project>
            """);
        await WriteAsync("Directory.Build.props", "<Project />"); // nothing from the folders above
        await WriteAsync("Program.cs", source);

        // Packages that this repository uses are on this machine already; a folder of packages is a feed as well.
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await WriteAsync("nuget.config",
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(folder.FullName, "packages")}" /></config>
              <packageSources><clear /><add key="contracts" value="{feed.FullName}" /><add key="here" value="{packages}" /></packageSources>
            </configuration>
            """);
        await DotnetAsync(["build", "--nologo", "--disable-build-servers", "-o", "out"], project.FullName, cancellationToken);
        return Path.Combine(project.FullName, "out", "Consumer.dll");

        Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(project.FullName, file), text, cancellationToken);
    }

    /// <summary>Packs what is built, and checks that nothing else of ours is needed with it.</summary>
    private static async Task<string> PackAsync(DirectoryInfo feed, CancellationToken cancellationToken)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await DotnetAsync(
            ["pack", Path.Combine(EventsPage.Root, "libraries", "Contracts"), "--nologo", "--no-build", "--disable-build-servers", "-c", configuration, "-o", feed.FullName],
            EventsPage.Root,
            cancellationToken);
        var file = Assert.Single(feed.GetFiles("*.nupkg"));
        await using var package = await ZipFile.OpenReadAsync(file.FullName, cancellationToken);
        await using var nuspec = await package.Entries.Single(entry => entry.Name == $"{Name}.nuspec").OpenAsync(cancellationToken);
        var metadata = await XDocument.LoadAsync(nuspec, LoadOptions.None, cancellationToken);
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal([$"lib/net10.0/{Name}.dll", $"lib/net10.0/{Name}.xml"], package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order());
        return metadata.Descendants().Single(element => element.Name.LocalName == "version").Value;
    }

    private static async Task DotnetAsync(string[] arguments, string folder, CancellationToken cancellationToken)
    {
        using var run = RunningExample.Start("dotnet", arguments, [("MSBUILDDISABLENODEREUSE", "1")], folder);
        await run.EndAsync(cancellationToken);
    }
}
