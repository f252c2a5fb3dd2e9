namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>
/// One field of a message: its number on the wire and its name in JSON. <paramref name="OmittedWhenZero"/>: the wire always carries it, JSON only when
/// it is not zero. <paramref name="Part"/>: not a field in JSON but a message whose fields stand in the object around it.
/// </summary>
internal sealed record WireField(int Number, string Name, bool OmittedWhenZero, WireMessage? Part);
