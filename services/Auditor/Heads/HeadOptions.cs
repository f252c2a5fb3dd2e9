namespace Workspaces.Auditor.Heads;

/// <summary>Signing the head of the log, section <c>SignedHeads</c>. Without a key nothing is signed.</summary>
public sealed class HeadOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "SignedHeads";

    /// <summary>File with a private key for ECDSA on P-256, PEM (<c>openssl ecparam -name prime256v1 -genkey -noout</c>). Keep it where the database's administrators cannot read it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How often the head is signed, if it moved.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
}
