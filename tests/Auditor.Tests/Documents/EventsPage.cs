using System.Text.RegularExpressions;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary><c>docs/events.md</c>, and the examples in it by name.</summary>
internal static partial class EventsPage
{
    public static string Root { get; } = FindRoot();

    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "docs", "events.md"));

    /// <summary>The code that follows <c>&lt;!-- example: NAME --&gt;</c>.</summary>
    public static string Example(string name) =>
        Examples().Matches(Text).SingleOrDefault(match => match.Groups["name"].Value == name)?.Groups["code"].Value
        ?? throw new InvalidOperationException($"docs/events.md has no example '{name}'.");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Workspaces.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"{typeof(LogEntry).Assembly.Location} is not in a checkout.");
    }

    [GeneratedRegex(@"<!-- example: (?<name>\S+) -->\n```\w+\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Examples();
}
