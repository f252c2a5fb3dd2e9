using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>Environment of the workspace container, and the Secrets it comes from.</summary>
internal static class EnvironmentRenderer
{
    /// <summary>Variables that begin like this are between us and the toolkit.</summary>
    public const string ReservedPrefix = "WORKSPACE_";

    public static JsonArray Variables(WorkspaceInput input, int sshPort, LoginUser user)
    {
        var own = (input.Blueprint.Env ?? new Dictionary<string, string>()).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();
        return new JsonArray([.. own.Select(entry => Variable(entry.Key, entry.Value)),
            Variable("WORKSPACE_ID", input.WorkspaceId),
            Variable("WORKSPACE_NAME", input.Name),
            Variable("WORKSPACE_OWNER", input.Owner.Name),
            Variable("WORKSPACE_USER", user.Name),
            Variable("WORKSPACE_UID", Number(user.Uid)),
            Variable("WORKSPACE_GID", Number(user.Gid)),
            Variable("WORKSPACE_HOME", user.Home),
            Variable("WORKSPACE_SHELL", user.Shell),
            Variable("WORKSPACE_SSH_PORT", Number(sshPort)),
            Variable("WORKSPACE_SESSION_ENV", string.Join(' ', own.Select(entry => entry.Key)))]);
    }

    /// <summary>Secrets without a path become variables.</summary>
    public static JsonArray? Sources(Blueprint blueprint)
    {
        var sources = Secrets(blueprint).Where(entry => entry.Value.Path is null)
            .Select(entry => new JsonObject { ["secretRef"] = new JsonObject { ["name"] = entry.Value.Secret } })
            .ToArray();
        return sources.Length > 0 ? new JsonArray([.. sources]) : null;
    }

    public static IEnumerable<JsonObject> SecretVolumes(Blueprint blueprint) =>
        Secrets(blueprint).Where(entry => entry.Value.Path is not null).Select(entry => new JsonObject
        {
            ["name"] = ObjectNames.SecretMount(entry.Key),
            ["secret"] = new JsonObject { ["secretName"] = entry.Value.Secret },
        });

    public static IEnumerable<JsonObject> SecretMounts(Blueprint blueprint) =>
        Secrets(blueprint).Where(entry => entry.Value.Path is not null).Select(entry => new JsonObject
        {
            ["name"] = ObjectNames.SecretMount(entry.Key),
            ["mountPath"] = entry.Value.Path,
            ["readOnly"] = true,
        });

    private static IEnumerable<KeyValuePair<string, BlueprintSecret>> Secrets(Blueprint blueprint) =>
        (blueprint.Secrets ?? new Dictionary<string, BlueprintSecret>()).OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>Kubernetes expands <c>$(NAME)</c> in values; a blueprint's value means itself.</summary>
    private static JsonObject Variable(string name, string value) => new()
    {
        ["name"] = name,
        ["value"] = value.Replace("$(", "$$(", StringComparison.Ordinal),
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
