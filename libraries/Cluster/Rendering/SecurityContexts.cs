using System.Text.Json.Nodes;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>
/// Security contexts: the default of the product with the blueprint's own text over it. What the blueprint says is passed on as it
/// is, also fields that this version does not know.
/// </summary>
internal static class SecurityContexts
{
    /// <summary>Capabilities of the container runtime's default set that a workspace does not need.</summary>
    private static readonly string[] DroppedByDefault = ["MKNOD", "NET_RAW"];

    /// <summary>Whether bootstrap and sshd run as the login user instead of root (Pod Security level <c>restricted</c>).</summary>
    public static bool IsUnprivileged(Blueprint blueprint) =>
        blueprint.SecurityContext?["runAsNonRoot"] is JsonValue value && value.TryGetValue<bool>(out var nonRoot) && nonRoot;

    /// <summary>Of the workspace container.</summary>
    public static JsonObject OfWorkspace(Blueprint blueprint, LoginUser user)
    {
        var unprivileged = IsUnprivileged(blueprint);
        var context = new JsonObject
        {
            ["privileged"] = false,
            // Said explicitly: the image's own USER could otherwise be one that cannot make the login user.
            ["runAsUser"] = unprivileged ? user.Uid : 0,
            ["runAsGroup"] = unprivileged ? user.Gid : 0,
            ["capabilities"] = new JsonObject { ["drop"] = Array(unprivileged ? ["ALL"] : DroppedByDefault) },
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        if (unprivileged)
        {
            context["allowPrivilegeEscalation"] = false;
        }

        if (blueprint.SecurityContext is { } own)
        {
            Merge(context, own);
        }

        return context;
    }

    /// <summary>Of the init container: it copies files into an emptyDir and needs nothing else.</summary>
    public static JsonObject OfToolkit(Blueprint blueprint, LoginUser user)
    {
        var unprivileged = IsUnprivileged(blueprint);
        var context = new JsonObject
        {
            ["runAsUser"] = unprivileged ? user.Uid : 0,
            ["runAsGroup"] = unprivileged ? user.Gid : 0,
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = Array(["ALL"]) },
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        if (unprivileged)
        {
            context["runAsNonRoot"] = true;
        }

        return context;
    }

    /// <summary>
    /// Of an injected workspace container. As root it keeps the capabilities in <paramref name="kept"/> that a workspace goes without
    /// elsewhere: whoever looks at a process must have at least its capabilities (ptrace(2), "Ptrace access mode checking").
    /// </summary>
    public static JsonObject OfInjected(Blueprint blueprint, LoginUser user, bool unprivileged, IReadOnlyCollection<string> kept)
    {
        var context = new JsonObject
        {
            ["privileged"] = false,
            // All said explicitly: the pod's own security context would hold otherwise, and runAsNonRoot is checked by the node.
            ["runAsUser"] = unprivileged ? user.Uid : 0,
            ["runAsGroup"] = unprivileged ? user.Gid : 0,
            ["runAsNonRoot"] = unprivileged,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        string[] dropped = unprivileged ? ["ALL"] : [.. DroppedByDefault.Where(name => !kept.Contains(name))];
        context["capabilities"] = dropped.Length > 0 ? new JsonObject { ["drop"] = Array(dropped) } : new JsonObject();
        if (unprivileged)
        {
            context["allowPrivilegeEscalation"] = false;
        }

        if (blueprint.SecurityContext is { } own)
        {
            Merge(context, own);
        }

        return context;
    }

    /// <summary>Of the init container of an injected workspace.</summary>
    public static JsonObject OfInjectedToolkit(LoginUser user, bool unprivileged) => new()
    {
        ["runAsUser"] = unprivileged ? user.Uid : 0,
        ["runAsGroup"] = unprivileged ? user.Gid : 0,
        ["runAsNonRoot"] = unprivileged,
        ["allowPrivilegeEscalation"] = false,
        ["capabilities"] = new JsonObject { ["drop"] = Array(["ALL"]) },
        ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
    };

    /// <summary>Names of the capabilities that a workspace goes without unless there is a reason.</summary>
    public static IReadOnlyList<string> Withheld => DroppedByDefault;

    private static void Merge(JsonObject context, JsonObject own)
    {
        foreach (var (key, value) in own)
        {
            context[key] = key == "capabilities" && value is JsonObject capabilities
                ? Capabilities(context[key]!.AsObject(), capabilities)
                : value?.DeepClone();
        }

        // Kubernetes refuses privileged containers that may not escalate; the blueprint that says privileged means it.
        if (own["privileged"] is JsonValue privileged && privileged.TryGetValue<bool>(out var isPrivileged) && isPrivileged
            && !own.ContainsKey("allowPrivilegeEscalation"))
        {
            context.Remove("allowPrivilegeEscalation");
        }
    }

    /// <summary>What the blueprint adds is not dropped by default: runtimes apply drops after additions.</summary>
    private static JsonObject Capabilities(JsonObject defaults, JsonObject own)
    {
        var merged = own.DeepClone().AsObject();
        if (!own.ContainsKey("drop"))
        {
            var added = (own["add"] as JsonArray ?? []).Select(name => name?.GetValue<string>()).ToHashSet();
            var dropped = (defaults["drop"] as JsonArray ?? []).Select(name => name!.GetValue<string>())
                .Where(name => !added.Contains(name) && !added.Contains("ALL"))
                .ToArray();
            if (dropped.Length > 0)
            {
                merged["drop"] = Array(dropped);
            }
        }

        return merged;
    }

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
