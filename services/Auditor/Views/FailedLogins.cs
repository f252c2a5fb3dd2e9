using Workspaces.Contracts;

namespace Workspaces.Auditor.Views;

/// <summary>Failed logins, by the address they came from; most attempts first.</summary>
/// <param name="LogBegins">Sequence that the log begins with.</param>
/// <param name="Addresses">Addresses.</param>
/// <param name="Others">How many further addresses there are: ask with a larger <c>limit</c>.</param>
internal sealed record FailedLogins(long LogBegins, IReadOnlyList<FailedLoginAddress> Addresses, int Others);

/// <summary>What failed from one address.</summary>
/// <param name="Address">IP address; absent for reports that were redacted.</param>
/// <param name="Attempts">Attempts.</param>
/// <param name="FirstAt">When the first report of them was.</param>
/// <param name="LastAt">When the last one was.</param>
/// <param name="LastSequence">Place of the last report in the log.</param>
/// <param name="Logins">Login names that were tried, at most 20.</param>
/// <param name="OtherLogins">How many further login names were tried.</param>
/// <param name="Reasons">Attempts by reason.</param>
internal sealed record FailedLoginAddress(
    string? Address, long Attempts, DateTimeOffset FirstAt, DateTimeOffset LastAt, long LastSequence, IReadOnlyList<string> Logins, int OtherLogins,
    IReadOnlyDictionary<AuthenticationFailureReason, long> Reasons);
