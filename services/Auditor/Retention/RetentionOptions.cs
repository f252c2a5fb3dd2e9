namespace Workspaces.Auditor.Retention;

/// <summary>How long the log keeps what, section <c>Retention</c>. Without settings it keeps everything.</summary>
public sealed class RetentionOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Retention";

    /// <summary>How long entries stay in the log, counted from when they were stored; then they go to the archive. Absent: for ever.</summary>
    public TimeSpan? Keep { get; init; }

    /// <summary>Folder of the archive; needed with <see cref="Keep"/>.</summary>
    public string? ArchiveFolder { get; init; }

    /// <summary>Most entries of one file of the archive.</summary>
    public int EntriesPerFile { get; init; } = 10_000;

    /// <summary>Types of event whose message is removed sooner, and after how long; the entry and its hash stay.</summary>
    public IDictionary<string, TimeSpan> Redact { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How often it is looked.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);
}
