namespace Workspaces.Proxy.Authenticating;

/// <summary>What a user's certificate comes to.</summary>
/// <param name="Refusal">Why it is not accepted; <see cref="CertificateRefusal.None"/> where it is.</param>
/// <param name="Users">The users that it stands for.</param>
/// <param name="Detail">What in it was refused, for the log: untrusted text.</param>
public sealed record CertificateVerdict(CertificateRefusal Refusal, IReadOnlyList<string> Users, string Detail = "")
{
    internal static CertificateVerdict Refused(CertificateRefusal refusal, string detail = "") => new(refusal, [], detail);
}

/// <summary>Why a user's certificate is not accepted.</summary>
public enum CertificateRefusal
{
    /// <summary>It is accepted.</summary>
    None,

    /// <summary>No configured authority signed it.</summary>
    UnknownAuthority,

    /// <summary>It is a host's.</summary>
    NotForUsers,

    /// <summary>It, its key or its authority is on the revocation list.</summary>
    Revoked,

    /// <summary>It is not valid yet, or not any more.</summary>
    NotValidNow,

    /// <summary>It names no principals, which would mean everybody.</summary>
    NoPrincipals,

    /// <summary>None of its principals stands for a user by the authority's rule.</summary>
    NoUser,

    /// <summary>It has a restriction that is not understood here.</summary>
    UnknownRestriction,

    /// <summary>It is good from other addresses only.</summary>
    WrongAddress,

    /// <summary>It demands that the hardware key verified the person, and it did not.</summary>
    NotVerified,
}
