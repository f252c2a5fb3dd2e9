using System.Security.Cryptography;
using System.Text;

namespace Workspaces.LocalCluster.Node.Images;

/// <summary>A stand-in for an image's digest: images here are folders, but clients expect an id in this form.</summary>
internal static class ImageDigest
{
    public static string Of(string image) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image)));
}
