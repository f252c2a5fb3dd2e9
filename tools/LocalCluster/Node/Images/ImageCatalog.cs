namespace Workspaces.LocalCluster.Node.Images;

/// <summary>The images of a folder. Reads the files anew when one changed, so that an image can be added while pods wait for it.</summary>
internal sealed class ImageCatalog(string folder)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTime Modified, IReadOnlyList<ImageDefinition> Images)> _files = new(StringComparer.Ordinal);

    /// <summary>Finds the image for a name as a pod writes it; null when no file describes it.</summary>
    /// <exception cref="ImageFileException">A file of the folder cannot be read as images.</exception>
    public ImageDefinition? Find(string image)
    {
        var reference = ImageReference.Parse(image);
        return All().FirstOrDefault(candidate =>
            candidate.Name == reference.Name && (candidate.Tags.Count == 0 || (reference.Digest is null && candidate.Tags.Contains(reference.Tag))));
    }

    /// <summary>Every image of the folder; throws when a file cannot be read.</summary>
    public IReadOnlyList<ImageDefinition> All()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        lock (_lock)
        {
            var images = new List<ImageDefinition>();
            foreach (var path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
            {
                var modified = File.GetLastWriteTimeUtc(path);
                if (!_files.TryGetValue(path, out var known) || known.Modified != modified)
                {
                    known = _files[path] = (modified, ImageFile.Read(path));
                }

                images.AddRange(known.Images);
            }

            return images;
        }
    }
}
