namespace Workspaces.LocalCluster.Schemas;

/// <summary>What a field holds.</summary>
public enum FieldKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>An amount such as 250m or 1Gi, stored in its canonical form.</summary>
    Quantity,

    /// <summary>A number or a text, such as a port or a percentage.</summary>
    IntOrString,

    /// <summary>RFC 3339 to the second.</summary>
    Time,

    /// <summary>RFC 3339 to the microsecond.</summary>
    MicroTime,

    /// <summary>Base64.</summary>
    Bytes,

    /// <summary>Anything at all, taken as it is.</summary>
    Any,

    /// <summary>An object with known fields.</summary>
    Struct,

    /// <summary>An object with any keys and values of one kind.</summary>
    Map,

    /// <summary>A list.</summary>
    List,
}
