using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Workspaces.LocalCluster.Node.Images;

/// <summary>Reads one file of images: each YAML document is an image. Errors name file, line and what to do.</summary>
internal static class ImageFile
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();

    public static IReadOnlyList<ImageDefinition> Read(string path)
    {
        using var reader = File.OpenText(path);
        var parser = new Parser(reader);
        var images = new List<ImageDefinition>();
        try
        {
            parser.Consume<StreamStart>();
            while (parser.Accept<DocumentStart>(out var start))
            {
                if (Yaml.Deserialize<Document?>(parser) is { } document)
                {
                    images.Add(Validate(path, start.Start.Line, document));
                }
            }
        }
        catch (YamlException e)
        {
            throw new ImageFileException($"{path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }

        return images;
    }

    private static ImageDefinition Validate(string path, long line, Document document)
    {
        ImageFileException Error(string text) => new($"{path}, image starting at line {line}: {text}");

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (string.IsNullOrWhiteSpace(document.Name))
        {
            throw Error("`name` is missing.");
        }

        if (ImageReference.Parse(document.Name) is var reference && (reference.Digest is not null || document.Name.LastIndexOf(':') > document.Name.LastIndexOf('/')))
        {
            throw Error($"`name: {document.Name}` must not have a tag or digest; list tags under `tags`.");
        }

        if (document.Host == (document.Folder is not null))
        {
            throw Error("give exactly one of `host: true` and `folder: PATH`.");
        }

        if (document.Mask.Count > 0 && !document.Host)
        {
            throw Error("`mask` goes with `host: true` only.");
        }

        foreach (var absolute in document.Mounts.Select(mount => mount.To).Append(document.WorkingDir))
        {
            if (!absolute.StartsWith('/'))
            {
                throw Error($"'{absolute}' must be an absolute path.");
            }
        }

        if (document.Mounts.FirstOrDefault(mount => mount.From.Length == 0) is { } incomplete)
        {
            throw Error($"the mount to '{incomplete.To}' has no `from`.");
        }

        return new ImageDefinition
        {
            Name = ImageReference.Normalize(document.Name),
            Tags = document.Tags,
            Folder = document.Folder is null ? null : Path.GetFullPath(document.Folder, folder),
            Mask = [.. document.Mask.Select(path => Path.GetFullPath(path, folder))],
            Entrypoint = document.Entrypoint,
            Command = document.Command,
            Env = document.Env,
            User = document.User,
            WorkingDir = document.WorkingDir,
            Mounts = [.. document.Mounts.Select(mount => new ImageMount(Path.GetFullPath(mount.From, folder), mount.To, mount.ReadOnly))],
        };
    }

    private sealed class Document
    {
        public string Name { get; set; } = "";

        public List<string> Tags { get; set; } = [];

        public bool Host { get; set; }

        public string? Folder { get; set; }

        public List<string> Mask { get; set; } = [];

        public List<string> Entrypoint { get; set; } = [];

        public List<string> Command { get; set; } = [];

        public Dictionary<string, string> Env { get; set; } = [];

        public string User { get; set; } = "0";

        public string WorkingDir { get; set; } = "/";

        public List<Mount> Mounts { get; set; } = [];
    }

    private sealed class Mount
    {
        public string From { get; set; } = "";

        public string To { get; set; } = "";

        public bool ReadOnly { get; set; } = true;
    }
}
