using System.Globalization;
using System.Text.Json;
using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Schema;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>The names that <c>${...}</c> knows: owner, workspace, target and the blueprint's own parameters, nothing else.</summary>
/// <param name="context">Where the values come from.</param>
/// <param name="declared">Parameters that the blueprint declares.</param>
/// <param name="values">Their values; a declared one that is absent is not known yet.</param>
public sealed class ResolveVariables(ResolveContext context, IReadOnlyCollection<string> declared, IReadOnlyDictionary<string, string> values)
    : IVariables
{
    private const string ParameterPrefix = "parameters.";

    private static readonly string[] BuiltIn =
    [
        "owner.name", "owner.uid", "owner.gid", "owner.email", "owner.groups",
        "workspace.id", "workspace.name",
        "target.kind", "target.namespace", "target.name", "target.mode",
    ];

    /// <inheritdoc/>
    public string? Read(string name, out string? problem)
    {
        problem = null;
        switch (name)
        {
            case "owner.name": return context.Owner.Name;
            case "owner.uid": return context.Owner.Uid.ToString(CultureInfo.InvariantCulture);
            case "owner.gid": return context.Owner.Gid.ToString(CultureInfo.InvariantCulture);
            case "owner.email": return context.Owner.Email ?? "";
            case "owner.groups": return string.Join(',', context.Owner.Groups);
            case "workspace.id": return context.WorkspaceId;
            case "workspace.name": return context.WorkspaceName;
            case "target.kind": return Target(name, target => target.Kind, out problem);
            case "target.namespace": return Target(name, target => target.Namespace, out problem);
            case "target.name": return Target(name, target => target.Name, out problem);
            case "target.mode": return Target(name, target => JsonNamingPolicy.CamelCase.ConvertName(target.Mode.ToString()), out problem);
        }

        if (name.StartsWith(ParameterPrefix, StringComparison.Ordinal) && declared.Contains(name[ParameterPrefix.Length..]))
        {
            return values.GetValueOrDefault(name[ParameterPrefix.Length..]);
        }

        var known = BuiltIn.Concat(declared.Select(parameter => ParameterPrefix + parameter));
        problem = $"'${{{name}}}' is not known here.{NearestName.Hint(name, known)} Write '$${{{name}}}' for the literal text.";
        return null;
    }

    private string? Target(string name, Func<WorkspaceTarget, string> read, out string? problem)
    {
        problem = context.Target is null ? $"'${{{name}}}' needs a target: this blueprint is for injection only." : null;
        return context.Target is null ? null : read(context.Target);
    }
}
