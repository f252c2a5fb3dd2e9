using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Workspaces.Requests.Blueprints.Source;

/// <summary>Reads the YAML of one file into <see cref="SourceNode"/>s. Knows YAML and nothing about blueprints.</summary>
public static class BlueprintParser
{
    /// <summary>Aliases let a small file describe a huge tree ("billion laughs"); no honest blueprint comes near this.</summary>
    private const int MaxNodes = 20_000;

    /// <summary>Parses a file; null when it has no usable content, with the reason among <paramref name="problems"/>.</summary>
    public static SourceMap? Parse(string file, string text, ICollection<BlueprintProblem> problems)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            // The library puts "(Line: 3, Col: 5, Idx: 20) - " in front of some messages; the location says it already.
            problems.Add(new BlueprintProblem(At(file, exception.Start), $"This is not valid YAML: {WithoutPosition(exception.Message)}"));
            return null;
        }

        if (yaml.Documents.Count != 1)
        {
            problems.Add(new BlueprintProblem(
                new SourceLocation(file, 1, 1), $"A blueprint file holds exactly one blueprint; this one holds {yaml.Documents.Count}."));
            return null;
        }

        var remaining = MaxNodes;
        var root = Convert(file, yaml.Documents[0].RootNode, problems, ref remaining);
        if (remaining < 0)
        {
            problems.Add(new BlueprintProblem(new SourceLocation(file, 1, 1), $"The file describes more than {MaxNodes} values."));
            return null;
        }

        if (root is SourceMap map)
        {
            return map;
        }

        problems.Add(new BlueprintProblem(root.Location, $"A blueprint is a map of keys; this file holds {root.Kind}."));
        return null;
    }

    private static SourceNode Convert(string file, YamlNode node, ICollection<BlueprintProblem> problems, ref int remaining)
    {
        var location = At(file, node.Start);
        if (--remaining < 0)
        {
            return new SourceScalar(location, "", Quoted: true);
        }

        switch (node)
        {
            case YamlScalarNode scalar:
                return new SourceScalar(location, scalar.Value ?? "", scalar.Style is not ScalarStyle.Plain);

            case YamlSequenceNode sequence:
                var items = new List<SourceNode>(sequence.Children.Count);
                foreach (var child in sequence.Children)
                {
                    items.Add(Convert(file, child, problems, ref remaining));
                }

                return new SourceList(location, items);

            case YamlMappingNode mapping:
                var entries = new List<SourceEntry>(mapping.Children.Count);
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is YamlScalarNode { Value: { } name })
                    {
                        entries.Add(new SourceEntry(name, At(file, key.Start), Convert(file, value, problems, ref remaining)));
                    }
                    else
                    {
                        problems.Add(new BlueprintProblem(At(file, key.Start), "A key must be plain text."));
                    }
                }

                return new SourceMap(location, entries);

            default:
                problems.Add(new BlueprintProblem(location, "This kind of YAML node is not used in blueprints."));
                return new SourceScalar(location, "", Quoted: false);
        }
    }

    private static SourceLocation At(string file, Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    private static string WithoutPosition(string message)
    {
        var end = message.StartsWith("(Line:", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end < 0 ? message : message[(end + 3)..];
    }
}
