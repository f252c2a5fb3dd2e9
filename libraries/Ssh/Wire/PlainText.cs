namespace Workspaces.Ssh.Wire;

/// <summary>Text that may be shown on a terminal or written to a log (RFC 4251 section 9.2: control characters in texts from a peer).</summary>
public static class PlainText
{
    /// <summary>Replaces control characters, C1 ones included, by question marks; may let tabs and line feeds pass.</summary>
    public static string WithoutControls(string text, bool keepLines = false)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                return string.Create(text.Length, (text, keepLines), static (target, source) =>
                {
                    for (var i = 0; i < target.Length; i++)
                    {
                        var c = source.text[i];
                        target[i] = char.IsControl(c) && !(source.keepLines && c is '\n' or '\t') ? '?' : c;
                    }
                });
            }
        }

        return text;
    }
}
