namespace Workspaces.LocalCluster.Node.Images;

/// <summary>An image name as pods write it, taken apart: <c>[docker.io/[library/]]name[:tag][@digest]</c>.</summary>
public readonly record struct ImageReference(string Name, string Tag, string? Digest)
{
    public static ImageReference Parse(string text)
    {
        string? digest = null;
        if (text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            digest = text[(at + 1)..];
            text = text[..at];
        }

        var tag = "latest";
        // A colon before the last slash belongs to a registry's port.
        if (text.LastIndexOf(':') is >= 0 and var colon && colon > text.LastIndexOf('/'))
        {
            tag = text[(colon + 1)..];
            text = text[..colon];
        }

        return new ImageReference(Normalize(text), tag, digest);
    }

    /// <summary>Takes away the registry prefixes that container engines add by themselves.</summary>
    public static string Normalize(string name)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["docker.io/library/", "docker.io/", "index.docker.io/"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return name[prefix.Length..];
            }
        }

        return name;
    }
}
