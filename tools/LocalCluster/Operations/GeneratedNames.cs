using System.Security.Cryptography;

namespace Workspaces.LocalCluster.Operations;

/// <summary>Names made from a generateName prefix, with the letters that Kubernetes uses: no vowels, nothing easily misread.</summary>
internal static class GeneratedNames
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int LongestName = 63;

    public static string From(string prefix)
    {
        var room = LongestName - SuffixLength;
        return (prefix.Length > room ? prefix[..room] : prefix) + RandomNumberGenerator.GetString(Alphabet, SuffixLength);
    }
}
