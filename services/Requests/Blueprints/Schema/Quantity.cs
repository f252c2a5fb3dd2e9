using System.Globalization;

namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>Kubernetes quantities: a decimal number with an optional suffix (<c>250m</c>, <c>4Gi</c>, <c>1e3</c>).</summary>
public static class Quantity
{
    private static readonly Dictionary<string, decimal> Suffixes = new()
    {
        [""] = 1m,
        ["n"] = 1e-9m,
        ["u"] = 1e-6m,
        ["m"] = 1e-3m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["P"] = 1e15m,
        ["E"] = 1e18m,
        ["Ki"] = 1024m,
        ["Mi"] = 1048576m,
        ["Gi"] = 1073741824m,
        ["Ti"] = 1099511627776m,
        ["Pi"] = 1125899906842624m,
        ["Ei"] = 1152921504606846976m,
    };

    /// <summary>Parses a quantity that is not negative; where it is one, <paramref name="value"/> is its value in base units.</summary>
    public static bool TryParse(string text, out decimal value)
    {
        value = 0;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
        {
            digits++;
        }

        // "1e3" and "1E3" are exponents, "1E" is exa.
        var suffix = text[digits..];
        if (digits is 0 or > 18 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        if (Suffixes.TryGetValue(suffix, out var factor))
        {
            return TryMultiply(number, factor, out value);
        }

        if (suffix.Length is > 1 and < 4 && suffix[0] is ('e' or 'E')
            && int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && exponent is >= -9 and <= 18)
        {
            return TryMultiply(number, (decimal)Math.Pow(10, exponent), out value);
        }

        return false;
    }

    private static bool TryMultiply(decimal number, decimal factor, out decimal value)
    {
        try
        {
            value = number * factor;
            return true;
        }
        catch (OverflowException)
        {
            value = 0;
            return false;
        }
    }
}
