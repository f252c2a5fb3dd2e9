using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Documents;

/// <summary>What the contracts' own comments say about types and members: the compiler writes them into a file beside the assembly.</summary>
internal sealed partial class ContractDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    private ContractDocumentation(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads the file that belongs to the contracts' assembly.</summary>
    public static ContractDocumentation Load()
    {
        var assembly = typeof(IWorkspaceEvent).Assembly;
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return new ContractDocumentation(XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!));
    }

    /// <summary>The summary of a type or a member as plain text; null: it has none.</summary>
    public string? SummaryOf(MemberInfo member) => member switch
    {
        Type type => TextOf($"T:{NameOf(type)}", "summary"),
        PropertyInfo property => TextOf($"P:{NameOf(property.DeclaringType!)}.{property.Name}", "summary") ?? Inherited(property) ?? PositionalOf(property),
        _ => null,
    };

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    /// <summary>What an interface says about the property that implements it.</summary>
    private string? Inherited(PropertyInfo property) => property.DeclaringType!.GetInterfaces()
        .Select(type => TextOf($"P:{NameOf(type)}.{property.Name}", "summary"))
        .FirstOrDefault(text => text is not null);

    /// <summary>A property of a positional record is described as parameter of the type.</summary>
    private string? PositionalOf(PropertyInfo property) =>
        _members.GetValueOrDefault($"T:{NameOf(property.DeclaringType!)}")?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == property.Name) is { } param
            ? Plain(param)
            : null;

    private string? TextOf(string member, string element) => _members.GetValueOrDefault(member)?.Element(element) is { } found ? Plain(found) : null;

    private static string Plain(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(Plain)), " ").Trim();

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see => ((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "").Split('.')[^1],
        XElement { Name.LocalName: "paramref" } reference => (string?)reference.Attribute("name") ?? "",
        XElement other => string.Concat(other.Nodes().Select(Plain)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
