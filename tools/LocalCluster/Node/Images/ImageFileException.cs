namespace Workspaces.LocalCluster.Node.Images;

/// <summary>A file of the images folder cannot be understood; the message names file, line and reason.</summary>
public sealed class ImageFileException(string message, Exception? inner = null) : Exception(message, inner);
