using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// An amount of a resource (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity): exact to a billionth, and
/// written in canonical form, which keeps the kind of suffix, has no fraction and the largest suffix that loses nothing.
/// </summary>
public readonly partial record struct Quantity(BigInteger Nano, Quantity.Style Format) : IComparable<Quantity>
{
    private static readonly BigInteger Unit = 1_000_000_000;
    private static readonly string[] BinarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    private static readonly string[] DecimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

    /// <summary>Which kind of suffix the amount is written with.</summary>
    public enum Style
    {
        /// <summary>k, M, G; m, u, n.</summary>
        Decimal,

        /// <summary>Ki, Mi, Gi.</summary>
        Binary,

        /// <summary>e3, e6.</summary>
        Exponent,
    }

    public static Quantity Zero { get; } = new(0, Style.Decimal);

    public static Quantity One { get; } = Of(1);

    /// <summary>The amount as whole units, rounded up.</summary>
    public Quantity RoundedUp => this with { Nano = Units * Unit };

    /// <summary>The amount in whole units, rounded up.</summary>
    public BigInteger Units => RoundUp(Nano, Unit);

    /// <summary>The amount in thousandths, rounded up.</summary>
    public BigInteger Milli => RoundUp(Nano, 1_000_000);

    public static Quantity Of(long units) => new(units * Unit, Style.Decimal);

    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var whole = match.Groups["whole"].Value;
        var fraction = match.Groups["fraction"].Value;
        if (whole.Length + fraction.Length == 0)
        {
            return false;
        }

        var suffix = match.Groups["suffix"].Value;
        var digits = BigInteger.Parse("0" + whole + fraction, CultureInfo.InvariantCulture);
        BigInteger numerator;
        Style style;
        var binary = Array.IndexOf(BinarySuffixes, suffix);
        var power = Array.IndexOf(DecimalSuffixes, suffix);
        if (binary > 0)
        {
            (numerator, style) = (digits * Unit * BigInteger.Pow(1024, binary), Style.Binary);
        }
        else if (power >= 0)
        {
            (numerator, style) = (digits * BigInteger.Pow(10, power * 3), Style.Decimal);
        }
        else if (suffix.Length > 1 && (suffix[0] is 'e' or 'E') && int.TryParse(suffix[1..], CultureInfo.InvariantCulture, out var exponent) && Math.Abs(exponent) < 100)
        {
            numerator = exponent >= -9 ? digits * BigInteger.Pow(10, exponent + 9) : RoundUp(digits, BigInteger.Pow(10, -exponent - 9));
            style = Style.Exponent;
        }
        else
        {
            return false;
        }

        var nano = RoundUp(numerator, BigInteger.Pow(10, fraction.Length));
        quantity = new Quantity(match.Groups["sign"].Value == "-" ? -nano : nano, style);
        return true;
    }

    public static Quantity operator +(Quantity a, Quantity b) => new(a.Nano + b.Nano, a.Nano.IsZero ? b.Format : a.Format);

    public static Quantity operator -(Quantity a, Quantity b) => new(a.Nano - b.Nano, a.Format);

    public static bool operator <(Quantity a, Quantity b) => a.Nano < b.Nano;

    public static bool operator >(Quantity a, Quantity b) => a.Nano > b.Nano;

    public static bool operator <=(Quantity a, Quantity b) => a.Nano <= b.Nano;

    public static bool operator >=(Quantity a, Quantity b) => a.Nano >= b.Nano;

    public int CompareTo(Quantity other) => Nano.CompareTo(other.Nano);

    public override string ToString()
    {
        if (Nano.IsZero)
        {
            return "0";
        }

        if (Format == Style.Binary && Nano % Unit == 0 && BigInteger.Abs(Nano) >= 1024 * Unit)
        {
            var units = Nano / Unit;
            var step = 0;
            while (units % 1024 == 0 && step < BinarySuffixes.Length - 1)
            {
                units /= 1024;
                step++;
            }

            return units.ToString(CultureInfo.InvariantCulture) + BinarySuffixes[step];
        }

        var amount = Nano;
        var power = 0;
        while (amount % 1000 == 0 && power < DecimalSuffixes.Length - 1)
        {
            amount /= 1000;
            power++;
        }

        var suffix = Format == Style.Exponent ? (power == 3 ? "" : $"e{(power - 3) * 3}") : DecimalSuffixes[power];
        return amount.ToString(CultureInfo.InvariantCulture) + suffix;
    }

    private static BigInteger RoundUp(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var rest);
        return rest > 0 ? quotient + 1 : quotient;
    }

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?(?<suffix>[eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i|)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
