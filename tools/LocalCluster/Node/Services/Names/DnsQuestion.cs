namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>What a query asks for (RFC 1035 section 4.1.2).</summary>
/// <param name="Id">The query's number, which the answer repeats.</param>
/// <param name="Flags">The query's flags as they came.</param>
/// <param name="Name">The name in lower case, without a dot at the end.</param>
/// <param name="Type">One of <see cref="DnsTypes"/> or another.</param>
/// <param name="QuestionEnd">Where the question ends in the message.</param>
/// <param name="Room">How long an answer over UDP may be: 512, or what the client offers (RFC 6891).</param>
internal sealed record DnsQuestion(ushort Id, ushort Flags, string Name, ushort Type, int QuestionEnd, int Room);
