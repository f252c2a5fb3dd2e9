using System.Text;

namespace Workspaces.Cluster.Records;

/// <summary>Makes text from the cluster fit for a person's terminal and for an event.</summary>
public static class Sentence
{
    /// <summary>Longest text that is passed on, in characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>One line, without control characters (an image may name itself with escape sequences), of bounded length.</summary>
    public static string Clean(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var c in text)
        {
            if (!char.IsControl(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }

            if (line.Length == MaxLength)
            {
                line[^1] = '…';
                break;
            }
        }

        return line.ToString().TrimEnd();
    }
}
