namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>How a field's value is laid out (https://protobuf.dev/programming-guides/encoding).</summary>
internal enum WireType
{
    /// <summary>A number in groups of seven bits.</summary>
    Varint = 0,

    /// <summary>Eight bytes, low byte first.</summary>
    Fixed64 = 1,

    /// <summary>A length and so many bytes.</summary>
    Bytes = 2,

    /// <summary>Four bytes, low byte first.</summary>
    Fixed32 = 5,
}
