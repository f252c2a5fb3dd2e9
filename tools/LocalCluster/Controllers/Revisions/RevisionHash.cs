using System.Globalization;
using System.Text;

namespace Workspaces.LocalCluster.Controllers.Revisions;

/// <summary>
/// The short text by which controllers tell pod templates apart: a 32-bit FNV-1 hash, written with letters that form no
/// words, as Kubernetes does.
/// </summary>
internal static class RevisionHash
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(string text, int? collisions)
    {
        var hash = OffsetBasis;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked(hash * Prime) ^ value;
        }

        foreach (var value in Encoding.UTF8.GetBytes(collisions is > 0 ? collisions.Value.ToString(CultureInfo.InvariantCulture) : ""))
        {
            hash = unchecked(hash * Prime) ^ value;
        }

        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => Alphabet[digit % Alphabet.Length]));
    }
}
