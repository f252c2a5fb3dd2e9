using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Documents;
using Xunit;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>The parser of the AsyncAPI initiative, from npm in the versions of <c>AsyncApi/package-lock.json</c>: installed once, beside what else tests download.</summary>
internal static class AsyncApiParser
{
    private const string Validator = "validate.mjs";

    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Documents", "AsyncApi");

    /// <summary>Parses a document, with the schemas beside it as the Auditor serves them. Returns what was found: problems, and what was read.</summary>
    public static async Task<(bool IsValid, string Output)> ParseAsync(JsonNode document, DirectoryInfo folder)
    {
        var schemas = folder.CreateSubdirectory("schemas");
        foreach (var (name, schema) in EventSchemas.All)
        {
            await File.WriteAllTextAsync(Path.Combine(schemas.FullName, $"{name}.json"), schema.ToJsonString());
        }

        var file = Path.Combine(folder.FullName, "asyncapi.json");
        await File.WriteAllTextAsync(file, document.ToJsonString());
        var installed = await InstallAsync();
        using var run = RunningExample.Start("node", [Path.Combine(installed, Validator), file], []);
        var exitCode = await run.ExitAsync(TestContext.Current.CancellationToken);
        return (exitCode == 0, string.Join('\n', run.Lines.Concat(run.Errors)));
    }

    private static async Task<string> InstallAsync()
    {
        var cache = Environment.GetEnvironmentVariable("WORKSPACES_CACHE") ?? Path.Combine(EventsPage.Root, ".local", "cache");
        var wanted = Directory.GetFiles(Source).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).ToArray();
        var folder = Path.Combine(cache, $"asyncapi-{Convert.ToHexStringLower(SHA256.HashData(wanted))[..12]}");
        if (Directory.Exists(folder))
        {
            return folder;
        }

        // Under another name first: half an installation from an interrupted run must not count.
        var draft = Directory.CreateDirectory($"{folder}.{Guid.NewGuid():N}");
        foreach (var file in Directory.GetFiles(Source))
        {
            File.Copy(file, Path.Combine(draft.FullName, Path.GetFileName(file)));
        }

        using (var npm = RunningExample.Start("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], [], draft.FullName))
        {
            await npm.EndAsync(TestContext.Current.CancellationToken);
        }

        try
        {
            draft.MoveTo(folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            draft.Delete(recursive: true); // another run was faster
        }

        return folder;
    }
}
