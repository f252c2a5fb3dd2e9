using Workspaces.Requests.Blueprints.Source;
using Workspaces.Requests.Http;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>Tells where each value of a resolved blueprint was written.</summary>
public static class Origins
{
    /// <summary><c>file:line:column</c> of each single value, by JSON pointer.</summary>
    public static IReadOnlyDictionary<string, string> Of(SourceMap tree)
    {
        var origins = new Dictionary<string, string>();
        Collect(tree, "", origins);
        return origins;
    }

    private static void Collect(SourceNode node, string pointer, Dictionary<string, string> origins)
    {
        switch (node)
        {
            case SourceMap map:
                foreach (var entry in map.Entries)
                {
                    Collect(entry.Value, FieldProblems.Below(pointer, entry.Key), origins);
                }

                break;

            case SourceList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Collect(list.Items[i], $"{pointer}/{i}", origins);
                }

                break;

            default:
                origins[pointer] = node.Location.ToString();
                break;
        }
    }
}
