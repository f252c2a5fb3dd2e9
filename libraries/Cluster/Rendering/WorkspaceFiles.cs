using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>The blueprint's small files, and what sudo needs: entries of the workspace's ConfigMap, each mounted by itself.</summary>
internal sealed class WorkspaceFiles
{
    private WorkspaceFiles(IReadOnlyList<WorkspaceFile> all) => All = all;

    /// <summary>The files, by path.</summary>
    public IReadOnlyList<WorkspaceFile> All { get; }

    public static WorkspaceFiles Of(WorkspaceInput input)
    {
        var files = (input.Blueprint.Files ?? new Dictionary<string, Contracts.Blueprints.BlueprintFile>())
            .Select(file => (Path: file.Key, file.Value.Content, Mode: ReadMode(file.Value.Mode)));
        var user = LoginUser.Of(input.Owner, input.Blueprint.User);
        if (user.Sudo)
        {
            // sudo refuses files that others may write, and names with a dot.
            files = files.Append(("/etc/sudoers.d/workspace", $"{user.Name} ALL=(ALL:ALL) NOPASSWD: ALL\n", Convert.ToInt32("444", 8)));
        }

        return new WorkspaceFiles([.. files
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select((file, index) => new WorkspaceFile(
                string.Create(CultureInfo.InvariantCulture, $"file-{index}"), file.Path, file.Content, file.Mode))]);
    }

    /// <summary>The volume, or <see langword="null"/> without files.</summary>
    public JsonObject? Volume(WorkspaceInput input) => All.Count == 0 ? null : new JsonObject
    {
        ["name"] = ObjectNames.FilesVolume,
        ["configMap"] = new JsonObject
        {
            ["name"] = ObjectNames.For(input.WorkspaceId),
            ["items"] = new JsonArray([.. All.Select(file => new JsonObject
            {
                ["key"] = file.Key,
                ["path"] = file.Key,
                ["mode"] = file.Mode,
            })]),
        },
    };

    /// <summary>One mount per file: a mounted folder would hide what the image has beside it.</summary>
    public IEnumerable<JsonObject> Mounts() => All.Select(file => new JsonObject
    {
        ["name"] = ObjectNames.FilesVolume,
        ["mountPath"] = file.Path,
        ["subPath"] = file.Key,
        ["readOnly"] = true,
    });

    /// <summary>Kubernetes takes modes as decimal numbers; blueprints, like people, write them in octal.</summary>
    private static int ReadMode(string? octal) => octal is { Length: > 0 } ? Convert.ToInt32(octal, 8) : Convert.ToInt32("644", 8);
}

/// <summary>One file.</summary>
/// <param name="Key">Entry in the ConfigMap.</param>
/// <param name="Path">Absolute path in the workspace.</param>
/// <param name="Content">Content.</param>
/// <param name="Mode">POSIX mode.</param>
internal sealed record WorkspaceFile(string Key, string Path, string Content, int Mode);
